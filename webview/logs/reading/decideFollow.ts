/** What a person does that has to do with following. */
export type FollowEvent =
  /** Turns the wheel; `up` is towards older lines. */
  | { readonly kind: 'wheel'; readonly up: boolean }
  | { readonly kind: 'key'; readonly key: string }
  /** Takes hold of the scroll bar, or lets it go. */
  | { readonly kind: 'grab' }
  | { readonly kind: 'release' }
  /** Marks lines: they must not run away. */
  | { readonly kind: 'select' }
  /** Goes to a place of the log: a match, the slider, the top. */
  | { readonly kind: 'jump' }
  /** Asks for it, or for a pause. */
  | { readonly kind: 'follow' }
  | { readonly kind: 'pause' };

const keysUp = new Set(['ArrowUp', 'PageUp', 'Home']);
const keysDown = new Set(['ArrowDown', 'PageDown', 'End']);

/**
 * Whether the page follows the log after what a person did. Decided from deeds only: the geometry of a growing document
 * changes by itself and says nothing about what somebody wants. `atEnd`: the last line of the log is on the screen.
 */
export function decideFollow(following: boolean, event: FollowEvent, atEnd: boolean): boolean {
  switch (event.kind) {
    case 'wheel':
      return event.up ? false : following || atEnd;
    case 'key':
      return keysUp.has(event.key) ? false : following || (keysDown.has(event.key) && atEnd);
    case 'grab':
    case 'select':
    case 'jump':
    case 'pause':
      return false;
    case 'release':
      return following || atEnd;
    case 'follow':
      return true;
  }
}
