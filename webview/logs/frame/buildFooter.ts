import type { LogWords } from '../../protocol/logWords.ts';
import { buildElement, setText } from '../../shared/buildElement.ts';
import { fillIn } from '../../shared/fillIn.ts';
import type { Reach } from '../reading/reach.ts';
import { buildButton } from './controls.ts';

/** Where the screen is in the whole log. */
export type FooterState = {
  readonly reach: Reach;
  readonly following: boolean;
  /** Entries of the log, where what is shown is filtered. */
  readonly of?: number;
  readonly top: number;
  readonly bottom: number;
  readonly gaps: number;
  /** Entries of the log that are no longer kept. */
  readonly gone: number;
  readonly skipped: number;
};

/** The line below the log: the place in it, and ways to every other place. */
export type Footer = { readonly element: HTMLElement; readonly update: (state: FooterState) => void };

/** Builds the footer; `on.goTo` hears of a place while the slider is moved. */
export function buildFooter(
  options: { readonly words: LogWords; readonly write: (value: number) => string },
  on: {
    readonly goTo: (place: number) => void;
    readonly top: () => void;
    readonly end: () => void;
  },
): Footer {
  const { words, write } = options;
  const position = buildElement('span', { class: 'position' });
  const notes = buildElement('span', { class: 'quiet' });
  const slider = buildElement('input', {
    type: 'range',
    'aria-label': words.position,
    min: 0,
    max: 0,
    value: 0,
  });
  slider.addEventListener('input', () => on.goTo(Number(slider.value)));
  const element = buildElement(
    'footer',
    {},
    position,
    slider,
    buildButton(words.top, on.top),
    buildButton(words.end, on.end),
    notes,
  );
  return {
    element,
    update: state => {
      const { reach, top, bottom } = state;
      const isEmpty = reach.total <= reach.first;
      const text = isEmpty
        ? words.noLines
        : fillIn(words.lines, write(top + 1), write(Math.min(bottom + 1, reach.total)), write(reach.total));
      setText(position, state.of === undefined ? text : `${text} ${fillIn(words.fitting, write(state.of))}`);
      setText(notes, buildNotes(state, words, write));
      slider.max = String(Math.max(reach.first, reach.total - 1));
      slider.min = String(reach.first);
      slider.disabled = isEmpty;
      if (document.activeElement !== slider) {
        // The end of the slider is the end of the log, whatever the height of the screen.
        slider.value = String(bottom >= reach.total - 1 ? reach.total - 1 : top);
      }
      // A screen reader says each new text of what has the focus: not the lines that come while nobody moves it.
      const isQuiet = state.following && document.activeElement === slider;
      if (!isQuiet && slider.getAttribute('aria-valuetext') !== text) {
        slider.setAttribute('aria-valuetext', text);
      }
    },
  };
}

function buildNotes(
  { gaps, gone, skipped }: FooterState,
  words: LogWords,
  write: (value: number) => string,
): string {
  return [
    ...(gaps > 0 ? [fillIn(words.gaps, write(gaps))] : []),
    ...(gone > 0 ? [fillIn(words.gone, write(gone))] : []),
    ...(skipped > 0 ? [fillIn(words.skipped, write(skipped))] : []),
  ].join(' \u00b7 ');
}
