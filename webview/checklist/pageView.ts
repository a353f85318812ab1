import type { CheckItem, ChecklistPage, GateItem, PageAction } from '../protocol/checklistProtocol.ts';
import { buildElement, setText } from '../shared/buildElement.ts';
import { buildKeyedList, type Row } from '../shared/keyedList.ts';
import { buildButton } from './buildButton.ts';
import { buildCheckRow, type CheckRow } from './checkRow.ts';
import { buildGateRow } from './gateRow.ts';
import type { Send } from './send.ts';

/** How the page looks to the person, beyond what the extension says. */
export type Look = { readonly scroll: number; readonly open: boolean };

/** The page's content. */
export type PageView = {
  readonly show: (page: ChecklistPage, options: { readonly isOld: boolean }) => void;
  /** Takes it that what came of the person's tick of a check has been shown. */
  readonly takeAnswer: (checkId: string) => void;
  /** Tells a screen reader what has changed by itself. */
  readonly say: (sentence: string) => void;
  readonly restore: (look: Look) => void;
  readonly readLook: () => Look;
};

/** Builds the page's content once; what the extension says changes it in place. */
export function buildPageView(
  main: HTMLElement,
  parts: { readonly send: Send; readonly onLookChanged: () => void },
): PageView {
  const { send } = parts;
  const title = buildElement('h1');
  const notices = buildElement('div', { class: 'notices' });
  const summary = buildElement('p', { class: 'summary' });
  const actions = buildElement('div', { class: 'actions' });
  const busy = buildElement('p', { class: 'busy' });
  const gates = buildSection('gates');
  const checks = buildSection('checks');
  const progress = buildElement('p', { class: 'quiet' });
  checks.section.insertBefore(progress, checks.list);
  const digestsTitle = buildElement('summary');
  const digestLines = buildElement('ul', { class: 'plain' });
  const digests = buildElement('details', {}, digestsTitle, digestLines);
  digests.addEventListener('toggle', parts.onLookChanged);
  const said = buildElement('p', { class: 'visually-hidden', role: 'status' });
  // Beside the one for the person's own ticks, so that neither takes the other's words away.
  const changed = buildElement('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  main.append(title, notices, summary, actions, busy, gates.section, checks.section, digests, said, changed);

  const actionRows = buildKeyedList(actions, (action: ActionItem) => buildActionRow(action, send));
  const gateRows = buildKeyedList<GateItem, Row<GateItem>>(gates.list, () => buildGateRow(send));
  const checkRows = buildKeyedList<CheckItem, CheckRow>(checks.list, () =>
    buildCheckRow({ send, say: sentence => setText(said, sentence) }),
  );
  return {
    show: (page, { isOld }) => {
      main.setAttribute('aria-busy', String(isOld || page.busy !== undefined));
      // What leads on from here is known only once it has been read.
      const waits = isOld && page.busy !== undefined;
      actions.inert = waits;
      gates.section.inert = waits;
      setText(title, page.title);
      showLines(notices, page.notices);
      showText(summary, page.summary);
      actionRows.show(page.actions.map((action, index) => ({ ...action, isFirst: index === 0 })));
      actions.hidden = page.actions.length === 0;
      showBusy(busy, page.busy);
      gates.show(page.gates?.title);
      gateRows.show(page.gates?.items ?? []);
      checks.show(page.checks?.title);
      showText(progress, page.checks?.progress);
      checkRows.show(page.checks?.items ?? []);
      digests.hidden = page.digests === undefined;
      setText(digestsTitle, page.digests?.title ?? '');
      showLines(digestLines, page.digests?.lines ?? [], 'li');
    },
    takeAnswer: checkId => checkRows.find(checkId)?.takeAnswer(),
    say: sentence => {
      // The same words again are told only where they were gone.
      setText(changed, '');
      requestAnimationFrame(() => setText(changed, sentence));
    },
    restore: ({ scroll, open }) => {
      digests.open = open;
      window.scrollTo(0, scroll);
    },
    readLook: () => ({ scroll: window.scrollY, open: digests.open }),
  };
}

/** A section with a heading that names its list; hidden while it has none. */
function buildSection(id: string) {
  const heading = buildElement('h2', { id });
  const list = buildElement('ul', { class: 'plain', 'aria-labelledby': id });
  const section = buildElement('section', {}, heading, list);
  return {
    section,
    list,
    show: (title: string | undefined) => {
      section.hidden = title === undefined;
      setText(heading, title ?? '');
    },
  };
}

/** An action, and whether it is the one that leads on. */
type ActionItem = PageAction & { readonly isFirst: boolean };

function buildActionRow(first: ActionItem, send: Send): Row<ActionItem> {
  const element = buildButton(() => send({ type: 'act', id: first.id }));
  return {
    element,
    update: action => {
      element.classList.toggle('primary', action.isFirst);
      setText(element, action.title);
    },
  };
}

function showText(element: HTMLElement, text: string | undefined): void {
  element.hidden = text === undefined;
  setText(element, text ?? '');
}

function showLines(list: HTMLElement, lines: readonly string[], tag: 'p' | 'li' = 'p'): void {
  while (list.children.length > lines.length) {
    list.lastElementChild?.remove();
  }
  for (const [index, line] of lines.entries()) {
    const there = list.children[index];
    if (there instanceof HTMLElement) {
      setText(there, line);
    } else {
      list.append(buildElement(tag, {}, line));
    }
  }
}

/** The toolkit's ring would interrupt a screen reader as an alert named "Loading": it becomes a quiet status. */
function showBusy(element: HTMLElement, text: string | undefined): void {
  element.hidden = text === undefined;
  if (text === undefined) {
    element.replaceChildren();
    return;
  }
  if (element.children.length === 0) {
    const ring = buildElement('vscode-progress-ring');
    element.append(ring, buildElement('span', { 'aria-hidden': 'true' }, text));
    // It sets these itself when it is connected, so ours come after.
    ring.setAttribute('aria-label', text);
    ring.setAttribute('role', 'status');
    ring.setAttribute('aria-live', 'polite');
  }
}
