import type { LogPattern } from '../../../daemon/protocol/log.ts';
import type { KeptLog } from '../../protocol/logMessages.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { buildElement, setText } from '../../shared/buildElement.ts';
import { fillIn } from '../../shared/fillIn.ts';
import type { Severity } from '../document/parseEntry.ts';
import { buildPatternField, type PatternField } from './buildPatternField.ts';
import { buildSelect } from './controls.ts';

/** What a person filters by. */
export type TypedFilter = Pick<KeptLog, 'include' | 'exclude' | 'severity'>;

/** The fields of the filter. */
export type FilterBar = {
  readonly element: HTMLElement;
  /** Says what the daemon finds wrong with the filter; nothing takes it away. */
  readonly complain: (fault?: string) => void;
  /** Says how far the filter is; empty when there is nothing to say. */
  readonly say: (sentence: string) => void;
};

/** Somebody types: the log is filtered when they pause, in milliseconds. */
const pauseMs = 250;

/** Builds the fields: what lines must hold, must not hold, and how bad they must be. */
export function buildFilterBar(
  filter: TypedFilter,
  words: LogWords,
  onChange: (filter: TypedFilter) => void,
): FilterBar {
  let current = filter;
  /** The field that changed last: what the daemon then finds wrong is in it. */
  let changedField: 'include' | 'exclude' = 'include';
  let timer: number | undefined;
  const change = (changed: Partial<TypedFilter>) => {
    current = { ...current, ...changed };
    window.clearTimeout(timer);
    timer = window.setTimeout(() => onChange(current), pauseMs);
  };
  const field = (label: string, key: 'include' | 'exclude'): PatternField =>
    buildPatternField({ label, pattern: filter[key], words }, (pattern: LogPattern) => {
      changedField = key;
      change({ [key]: pattern });
    });
  const include = field(words.include, 'include');
  const exclude = field(words.exclude, 'exclude');
  const leasts = ['fatal', 'error', 'warning', 'info', 'debug', 'trace'] as const;
  const severity = buildSelect<Severity>(
    {
      label: words.severity,
      items: [
        { value: 'none', text: words.anySeverity },
        ...leasts.map((value, index) => ({
          value,
          text: index === 0 ? words[value] : fillIn(words.atLeast, words[value]),
        })),
      ],
      chosen: filter.severity,
    },
    value => change({ severity: value }),
  );
  const said = buildElement('span', { class: 'quiet', role: 'status' });
  return {
    element: buildElement(
      'section',
      { class: 'filters', 'aria-label': words.filter },
      include.element,
      exclude.element,
      severity,
      said,
    ),
    say: sentence => setText(said, sentence),
    complain: fault => {
      const other = changedField === 'include' ? 'exclude' : 'include';
      const { regex, text } = current[changedField];
      const at = regex && text !== '' ? changedField : other;
      include.complain();
      exclude.complain();
      if (fault !== undefined) {
        ({ include, exclude })[at].complain(fault);
      }
    },
  };
}
