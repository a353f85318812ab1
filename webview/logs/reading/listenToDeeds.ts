import type { LogDocument } from '../document/logDocument.ts';
import type { LogReader } from './logReader.ts';

/** What a person can ask for by the keyboard inside the log. */
export type DeedTargets = {
  readonly top: () => void;
  readonly end: () => void;
  /** The whole of the line with the cursor, where it was cut short. */
  readonly wholeLine: () => void;
  readonly scrolled: () => void;
};

const arrows = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']);

/** Hears what a person does to the log with wheel, scroll bar and keys. */
export function listenToDeeds(document: LogDocument, reader: LogReader, targets: DeedTargets): void {
  const { scrollDOM, contentDOM } = document.view;
  scrollDOM.addEventListener(
    'wheel',
    ({ deltaY }) => {
      if (deltaY !== 0) {
        reader.take({ kind: 'wheel', up: deltaY < 0 });
      }
    },
    { passive: true },
  );
  scrollDOM.addEventListener('pointerdown', event => {
    if (event.target === scrollDOM && event.offsetX >= scrollDOM.clientWidth) {
      reader.take({ kind: 'grab' });
      window.addEventListener('pointerup', () => reader.take({ kind: 'release' }), { once: true });
    }
  });
  scrollDOM.addEventListener('scroll', targets.scrolled, { passive: true });
  contentDOM.addEventListener(
    'keydown',
    event => {
      // With Shift the editor selects up to there.
      const isWhole = (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (isWhole && (event.key === 'Home' || event.key === 'End')) {
        event.preventDefault();
        event.stopPropagation();
        (event.key === 'Home' ? targets.top : targets.end)();
        return;
      }
      // A button inside a row has its own Enter.
      if (event.key === 'Enter' && event.target === contentDOM) {
        targets.wholeLine();
      }
      if (arrows.has(event.key)) {
        document.bringCursor(event.key.endsWith('Up') ? 'bottom' : 'top');
      }
      reader.take({ kind: 'key', key: event.key });
    },
    { capture: true },
  );
}
