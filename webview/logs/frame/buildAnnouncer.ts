import { buildElement } from '../../shared/buildElement.ts';

/** What is said aloud and shown elsewhere. */
type Topic = 'filter' | 'following';

/** Says to a screen reader what others see. */
export type Announcer = {
  readonly element: HTMLElement;
  /** Says what there is to say of a topic when nothing more changes; `read` is called then, and empty says nothing. */
  readonly say: (topic: Topic, read: () => string) => void;
};

/** What changed is said when it has stood for so long, in milliseconds. */
const settleMs = 600;

/** Builds a region that is not seen and waits for its turn: one sentence for each change, however many lines come. */
export function buildAnnouncer(): Announcer {
  const element = buildElement('p', { class: 'visually-hidden', role: 'status' });
  const pending = new Map<Topic, () => string>();
  let timer: number | undefined;
  return {
    element,
    say: (topic, read) => {
      pending.set(topic, read);
      // The same sentence again is a new one only after there was another text.
      element.textContent = '';
      window.clearTimeout(timer);
      timer = window.setTimeout(() => {
        const sentences = [...pending.values()].map(each => each());
        pending.clear();
        element.textContent = sentences.filter(sentence => sentence !== '').join(' ');
      }, settleMs);
    },
  };
}
