/**
 * Gives the focus back to the part of the page that had it last, when the window gives it back to the page as a whole:
 * after something was asked for in the window, the keyboard is where it was.
 */
export function keepFocus(): void {
  let last: HTMLElement | undefined;
  document.addEventListener('focusin', ({ target }) => {
    last = target instanceof HTMLElement ? target : undefined;
  });
  window.addEventListener('focus', () => {
    if (document.activeElement === document.body && last?.isConnected) {
      // A click may have brought it: what is under the pointer must not move.
      last.focus({ preventScroll: true });
    }
  });
}
