import type { LogPattern } from '../../../daemon/protocol/log.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { buildElement, setText } from '../../shared/buildElement.ts';
import { fillIn } from '../../shared/fillIn.ts';
import { findFault } from '../typedPattern.ts';
import { buildToggle } from './controls.ts';

/** A field for a text or a regular expression. */
export type PatternField = {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly read: () => LogPattern;
  /** Says what is wrong with what was typed; nothing takes it away. */
  readonly complain: (fault?: string) => void;
};

let fields = 0;

/** Builds a field with the toggles "regular expression" and "match case"; `onChange` hears only of what can be used. */
export function buildPatternField(
  options: { readonly label: string; readonly pattern: LogPattern; readonly words: LogWords },
  onChange: (pattern: LogPattern) => void,
): PatternField {
  const { label, words } = options;
  let { pattern } = options;
  fields += 1;
  const faultId = `fault-${fields}`;
  const input = buildElement('input', {
    type: 'text',
    value: pattern.text,
    'aria-label': label,
    placeholder: label,
    spellcheck: 'false',
    autocomplete: 'off',
  });
  const fault = buildElement('span', { id: faultId, class: 'fault', role: 'alert' });
  const show = (sentence: string) => {
    setText(fault, sentence);
    fault.hidden = sentence === '';
    if (sentence === '') {
      input.removeAttribute('aria-invalid');
      input.removeAttribute('aria-describedby');
    } else {
      input.setAttribute('aria-invalid', 'true');
      input.setAttribute('aria-describedby', faultId);
    }
  };
  // What the field itself finds wrong stays until it is mended, whatever becomes of the rest of the filter.
  let own = '';
  const complain = (sentence = '') => show(own === '' ? sentence : own);
  const change = (changed: Partial<LogPattern>) => {
    pattern = { ...pattern, ...changed };
    const found = findFault(pattern);
    own = found === undefined ? '' : fillIn(words.badPattern, found);
    show(own);
    if (found === undefined) {
      onChange(pattern);
    }
  };
  complain();
  input.addEventListener('input', () => change({ text: input.value }));
  const toggle = (sign: string, name: string, key: 'regex' | 'matchCase') =>
    buildToggle({ sign, label: `${label}: ${name}`, pressed: pattern[key] }, pressed =>
      change({ [key]: pressed }),
    );
  const element = buildElement(
    'div',
    { class: 'pattern' },
    input,
    toggle('.*', words.regex, 'regex'),
    toggle('Aa', words.matchCase, 'matchCase'),
    fault,
  );
  return { element, input, read: () => pattern, complain };
}
