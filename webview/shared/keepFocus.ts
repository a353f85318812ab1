import { findPlace } from './focusPlace.ts';

/** Keeps the keyboard where it was while the page changes. */
export type FocusKeeper = {
  /** Changes the page: where that takes away what has the focus, what is nearest to it gets it. */
  readonly during: (change: () => void) => void;
};

/**
 * Keeps the focus of a page: what had it last has it again when the window gives it back to the page as a whole (after
 * something was asked for in the window), and what goes away while it has it hands it on. It is taken from nobody.
 */
export function keepFocus(): FocusKeeper {
  let last: HTMLElement | undefined;
  document.addEventListener('focusin', ({ target }) => {
    last = target instanceof HTMLElement ? target : undefined;
  });
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body && last?.isConnected) {
      // A click may have brought it: what is under the pointer must not move.
      giveFocus(last, { preventScroll: true });
    }
  });
  return {
    during: change => {
      const holder = findHolder(last);
      const place = holder && findPlace(holder);
      change();
      const heir = place?.findHeir();
      // The browser takes the focus from what is hidden with the next frame only.
      const isFree = document.activeElement === document.body || document.activeElement === holder;
      if (!heir || !isFree || document.activeElement === heir) {
        return;
      }
      last = heir;
      // Without the window's focus it would be taken from the input box that has it: it waits for the window's return.
      if (document.hasFocus()) {
        giveFocus(heir);
      }
    },
  };
}

/** Nobody holds it where the person has left the page's parts by themselves; what waits for the window does. */
function findHolder(last: HTMLElement | undefined): HTMLElement | undefined {
  const { activeElement } = document;
  if (activeElement instanceof HTMLElement && activeElement !== document.body) {
    return activeElement;
  }
  return document.hasFocus() ? undefined : last;
}

/** A heading takes the focus only as long as it has it: Tab goes on from there and does not stop there again. */
function giveFocus(element: HTMLElement, options: FocusOptions = {}): void {
  if (/^H\d$/.test(element.tagName)) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus(options);
}
