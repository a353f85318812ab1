import type { LogPattern } from '../../../daemon/protocol/log.ts';
import type { KeptFind } from '../../protocol/logMessages.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { buildElement, setText } from '../../shared/buildElement.ts';
import { buildPatternField } from './buildPatternField.ts';
import { buildButton } from './controls.ts';

/** Which way to look. */
export type Direction = 'forward' | 'backward';

/** The bar of the search. */
export type FindBar = {
  readonly element: HTMLElement;
  /** Shows it and takes the keyboard; looks for the text where one is given. */
  readonly open: (text?: string) => void;
  /** Looks again. */
  readonly again: (direction: Direction) => void;
  readonly say: (sentence: string) => void;
};

/** Builds the bar as it stood; it is hidden until it is opened. */
export function buildFindBar(
  options: { readonly words: LogWords; readonly kept: KeptFind },
  on: {
    readonly look: (pattern: LogPattern, direction: Direction) => void;
    readonly changed: (pattern: LogPattern) => void;
    readonly close: () => void;
    /** It stands another way than before. */
    readonly keep: (find: KeptFind) => void;
  },
): FindBar {
  const { words, kept } = options;
  const field = buildPatternField({ label: words.findText, pattern: kept.pattern, words }, pattern => {
    keep();
    on.changed(pattern);
  });
  const said = buildElement('span', { class: 'quiet said', role: 'status' });
  const again = (direction: Direction) => {
    const pattern = field.read();
    if (pattern.text !== '') {
      on.look(pattern, direction);
    }
  };
  const element = buildElement(
    'section',
    { class: 'find', role: 'search', 'aria-label': words.find, hidden: !kept.open },
    field.element,
    buildButton(words.previousMatch, () => again('backward')),
    buildButton(words.next, () => again('forward')),
    buildButton(words.close, () => close()),
    said,
  );
  const keep = () => on.keep({ open: !element.hidden, pattern: field.read() });
  const close = () => {
    element.hidden = true;
    keep();
    on.close();
  };
  element.addEventListener('keydown', event => {
    if (event.key === 'Escape') {
      close();
    } else if (event.key === 'Enter' && event.target === field.input) {
      event.preventDefault();
      again(event.shiftKey ? 'backward' : 'forward');
    }
  });
  return {
    element,
    open: text => {
      if (element.hidden) {
        element.hidden = false;
        keep();
      }
      if (text) {
        field.input.value = text;
        field.input.dispatchEvent(new Event('input'));
      }
      field.input.focus();
      field.input.select();
    },
    again,
    say: sentence => setText(said, sentence),
  };
}

/** Opens the search and looks again by the keys that people know, wherever on the page they are. */
export function listenToFindKeys(on: {
  readonly open: () => void;
  readonly again: (direction: Direction) => void;
}): void {
  document.addEventListener('keydown', event => {
    const isCommand = event.ctrlKey || event.metaKey;
    // With more keys held down it is a command of the window: its own search, its next match.
    if (isCommand && !event.shiftKey && !event.altKey && event.key.toLowerCase() === 'f') {
      event.preventDefault();
      on.open();
    } else if (event.key === 'F3' && !isCommand && !event.altKey) {
      event.preventDefault();
      on.again(event.shiftKey ? 'backward' : 'forward');
    }
  });
}
