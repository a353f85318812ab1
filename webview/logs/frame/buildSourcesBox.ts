import type { LogSource, LogView } from '../../../daemon/protocol/log.ts';
import type { KeptLog } from '../../protocol/logMessages.ts';
import type { LogWords } from '../../protocol/logWords.ts';
import { buildElement } from '../../shared/buildElement.ts';
import { buildPodTags } from '../document/podTags.ts';
import { buildCheckbox } from './controls.ts';

type Hidden = Pick<KeptLog, 'hiddenPods' | 'hiddenContainers'>;

/** The pods and containers of a log, each with its colour, its name and how it stands, and whether it is shown. */
export type SourcesBox = {
  readonly element: HTMLElement;
  readonly update: (log: LogView, hidden: Hidden) => void;
};

/** Builds the box; `onChange` gets what is hidden. */
export function buildSourcesBox(words: LogWords, onChange: (hidden: Hidden) => void): SourcesBox {
  const element = buildElement('section', { class: 'box', 'aria-label': words.pods });
  let shown = '';
  return {
    element,
    update: (log, { hiddenPods, hiddenContainers }) => {
      // Who calls may have more to say: where the screen is changes with every line.
      const hidden = { hiddenPods, hiddenContainers };
      // Built anew only where something differs: a box that somebody is about to tick must not vanish.
      const state = JSON.stringify([log.sources, log.containers, hidden]);
      if (state !== shown) {
        shown = state;
        const focused = readFocused(element);
        element.replaceChildren(
          buildPods(log, words, { hidden, onChange }),
          ...(log.containers.length > 1 ? [buildContainers(log, words, { hidden, onChange })] : []),
        );
        element.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus();
      }
    },
  };
}

/** The ids of the sources that are shown; undefined where all are. */
export function readShownSources(sources: readonly LogSource[], hidden: Hidden): number[] | undefined {
  const shown = sources.filter(
    ({ podUid, container }) =>
      !hidden.hiddenPods.includes(podUid) && !hidden.hiddenContainers.includes(container),
  );
  return shown.length === sources.length ? undefined : shown.map(({ id }) => id);
}

type Choice = { readonly hidden: Hidden; readonly onChange: (hidden: Hidden) => void };

function buildPods(log: LogView, words: LogWords, { hidden, onChange }: Choice): HTMLElement {
  const tags = buildPodTags(log.sources);
  const pods = new Map<string, readonly LogSource[]>();
  for (const source of log.sources) {
    pods.set(source.podUid, [...(pods.get(source.podUid) ?? []), source]);
  }
  const items = [...pods].map(([uid, sources]) => {
    const [first] = sources;
    const box = buildKeyedCheckbox(`pod/${uid}`, first?.pod ?? uid, !hidden.hiddenPods.includes(uid), shown =>
      onChange({ ...hidden, hiddenPods: toggle(hidden.hiddenPods, uid, !shown) }),
    );
    const color = first && tags.get(first.id)?.color;
    const state = buildElement('span', { class: 'quiet', id: `state-${uid}` }, describeState(sources, words));
    box.setAttribute('aria-describedby', state.id);
    return buildElement(
      'li',
      {},
      buildElement('span', { class: `swatch pod-ground-${color ?? 0}`, 'aria-hidden': 'true' }),
      box,
      state,
    );
  });
  return buildElement(
    'fieldset',
    {},
    buildElement('legend', {}, words.pods),
    items.length > 0
      ? buildElement('ul', {}, ...items)
      : buildElement('span', { class: 'quiet' }, words.empty),
  );
}

function buildContainers(log: LogView, words: LogWords, { hidden, onChange }: Choice): HTMLElement {
  return buildElement(
    'fieldset',
    {},
    buildElement('legend', {}, words.containers),
    ...log.containers.map(name =>
      buildKeyedCheckbox(`container/${name}`, name, !hidden.hiddenContainers.includes(name), shown =>
        onChange({ ...hidden, hiddenContainers: toggle(hidden.hiddenContainers, name, !shown) }),
      ),
    ),
  );
}

function buildKeyedCheckbox(
  key: string,
  label: string,
  checked: boolean,
  onChange: (checked: boolean) => void,
): HTMLElement {
  const box = buildCheckbox(label, checked, onChange);
  box.dataset['key'] = key;
  return box;
}

/** `live`, or what differs: `agent: failed, no right to read`. */
function describeState(sources: readonly LogSource[], words: LogWords): string {
  const states = sources.map(({ container, state, reason }) => ({
    container,
    text: [words[state], ...(reason === undefined ? [] : [reason])].join(': '),
  }));
  const [first] = states;
  return states.every(({ text }) => text === first?.text)
    ? (first?.text ?? '')
    : states.map(({ container, text }) => `${container} ${text}`).join(', ');
}

function toggle(list: readonly string[], item: string, included: boolean): string[] {
  const others = list.filter(other => other !== item);
  return included ? [...others, item] : others;
}

function readFocused(element: HTMLElement): string {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && element.contains(activeElement)
    ? (activeElement.dataset['key'] ?? '')
    : '';
}
