import type { ChecklistView, CheckView } from '../../daemon/protocol/checklist.ts';
import type { DigestPart } from '../../daemon/protocol/digest.ts';
import type { Gate, GateAction } from '../../daemon/protocol/gate.ts';
import type { CheckItem, ChecklistPage, GateItem } from '../../webview/protocol/checklistProtocol.ts';
import type { ChecklistState } from '../state/checklistState.ts';
import type { ChecklistSubject } from '../state/checklistSubject.ts';
import { findEnvironment } from '../state/storeState.ts';
import type { Translate, Words } from '../words.ts';
import { buildEmptyPage, buildTitle } from './checklistEmpty.ts';
import type { ChecklistPageInput } from './checklistPageInput.ts';
import type { PanelAction } from './panelAction.ts';

/** A page and what its actions stand for, by id. */
export type BuiltPage = { readonly page: ChecklistPage; readonly actions: ReadonlyMap<string, PanelAction> };

/** Builds the page: what the daemon says, in the person's words; nothing is decided here. */
export function buildChecklistPage(input: ChecklistPageInput): BuiltPage {
  const actions = new Map<string, PanelAction>();
  const offer = (action: PanelAction) => {
    // By what it does: a click on a page that is a moment old never does something else.
    const id = JSON.stringify([action.command, action.argument ?? null]);
    actions.set(id, action);
    return { id, title: action.title };
  };
  const empty = buildEmptyPage(input);
  if (empty) {
    const { actions: offered, ...page } = empty;
    return { page: { ...page, actions: offered.map(offer) }, actions };
  }
  return { page: buildFullPage(input, offer), actions };
}

type Offer = (action: PanelAction) => { readonly id: string; readonly title: string };

function buildFullPage(input: ChecklistPageInput, offer: Offer): ChecklistPage {
  const { checklist, words } = input;
  const { t } = words;
  const { subject, view, reading } = checklist;
  const title = subject ? buildTitle(subject, t) : t('Checklist');
  const busy = reading && !view ? { busy: t('Reading the gates') } : {};
  return {
    title,
    notices: buildNotices(input),
    actions: buildNextActions(input).map(offer),
    ...(view
      ? {
          summary: buildSummary(view, t),
          gates: {
            title: t('Gates'),
            items: view.gates.map((gate, index) => buildGate(gate, { view, words, index, offer })),
          },
          ...(view.checklist ? { checks: buildChecks(view, checklist, words) } : {}),
          digests: { title: t('What ticks are for'), lines: buildDigestLines(view, words) },
        }
      : {}),
    ...busy,
  };
}

/** What makes the answer old, or keeps it away. */
function buildNotices({ checklist, store, words }: ChecklistPageInput): string[] {
  const { t, time } = words;
  const { subject, problem, view } = checklist;
  const { daemon } = store;
  const environment = subject && findEnvironment(store, subject.repositoryId, subject.environment);
  const connection = environment?.connection;
  const stale = connection?.staleSince;
  return [
    ...('since' in daemon
      ? [t('No connection to Slipway\u2019s daemon: what you see is as of {0}.', time(daemon.since))]
      : []),
    ...(problem && !('since' in daemon) ? [[problem.message, problem.next].filter(Boolean).join(' ')] : []),
    ...(environment && connection?.state === 'notConnected'
      ? [t('{0} is not connected: nobody can promote there before it is.', environment.name)]
      : []),
    ...(environment && connection && !['live', 'notConnected', 'connecting'].includes(connection.state)
      ? [
          stale === undefined
            ? t('{0}: {1}', environment.name, connection.reason ?? connection.state)
            : t('{0} is stale since {1}: {2}', environment.name, time(stale), connection.reason ?? ''),
        ]
      : []),
    ...(view?.policy.advice === undefined
      ? []
      : [t('Policy from {0}: {1}.', view.policy.from, view.policy.advice)]),
  ];
}

/** What leads on: the first of them is the button that stands out. */
function buildNextActions({
  checklist,
  store,
  words,
  failureActions,
}: ChecklistPageInput): readonly PanelAction[] {
  const { subject, problem, view } = checklist;
  const { t } = words;
  if (problem) {
    return failureActions(problem.code);
  }
  if (!subject || !view) {
    return [];
  }
  const environment = findEnvironment(store, subject.repositoryId, subject.environment);
  const connect =
    environment?.connection.state === 'notConnected'
      ? [toAction({ command: 'connect', environment: environment.name }, subject, t)]
      : [];
  const held = view.gates.filter(({ state }) => state !== 'pass');
  const first = held.flatMap(({ action }) => (action ? (toPanelAction(action, subject, t) ?? []) : []))[0];
  const promote =
    held.length === 0 ? [toAction({ command: 'promote', environment: subject.environment }, subject, t)] : [];
  return [...connect, ...(first && !isSameAction(first, connect[0]) ? [first] : []), ...promote];
}

function isSameAction(left: PanelAction, right: PanelAction | undefined): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** The checklist is on the page already: what it asks for is no button. */
function toPanelAction(action: GateAction, subject: ChecklistSubject, t: Translate): PanelAction | undefined {
  return action.command === 'showChecklist' ? undefined : toAction(action, subject, t);
}

function toAction(action: GateAction, subject: ChecklistSubject, t: Translate): PanelAction {
  const { repositoryId, release } = subject;
  switch (action.command) {
    case 'promote':
      return {
        title: t('Promote {0} to {1}...', release, action.environment),
        command: 'slipway.promoteRelease',
        argument: { repositoryId, release, environment: action.environment },
      };
    case 'connect':
      return {
        title: t('Connect {0}...', action.environment),
        command: 'slipway.connectEnvironment',
        argument: { repositoryId, environment: action.environment },
      };
    case 'showChecklist':
      return {
        title: t('Show Checklist'),
        command: 'slipway.showChecklist',
        argument: { repositoryId, release, environment: action.environment },
      };
    case 'showTimeline':
      return {
        title: t('Show Timeline'),
        command: 'slipway.showTimeline',
        argument: { repositoryId, promotionId: action.promotionId },
      };
    case 'openProcedure':
      return { title: t('Open slipway.yaml'), command: 'slipway.openProcedure', argument: { repositoryId } };
  }
}

function buildSummary({ gates, release, environment }: ChecklistView, t: Translate): string {
  const held = gates.filter(({ state }) => state !== 'pass').length;
  return held === 0
    ? t('Nothing holds {0} back from {1}.', release, environment)
    : held === 1
      ? t('1 of {0} gates holds it.', gates.length)
      : t('{0} of {1} gates hold it.', held, gates.length);
}

function buildGate(
  gate: Gate,
  at: {
    readonly view: ChecklistView;
    readonly words: Words;
    readonly index: number;
    readonly offer: Offer;
  },
): GateItem {
  const { view, words, index, offer } = at;
  const { t, time, said } = words;
  // The checks below say what the gate's own sentence would repeat.
  const isListed = gate.kind === 'checklist' && view.checklist !== undefined;
  const open = view.checklist?.checks.filter(({ state }) => state !== 'pass').length ?? 0;
  const action = gate.action && toPanelAction(gate.action, view, t);
  return {
    id: `${gate.kind} ${index}`,
    title: gate.title,
    state: gate.state,
    stateText: buildStateText(gate.state, t),
    reason:
      isListed && open > 0
        ? open === 1
          ? t('1 check below is open.')
          : t('{0} checks below are open.', open)
        : said(gate.reason),
    ...(gate.next === undefined || isListed ? {} : { next: t('Next: {0}', gate.next) }),
    facts: [...(gate.since ? [t('Since {0}', time(gate.since))] : []), gate.enforcement],
    ...(action ? { action: offer(action) } : {}),
  };
}

function buildChecks(
  view: ChecklistView,
  { busy }: ChecklistState,
  words: Words,
): NonNullable<ChecklistPage['checks']> {
  const { t } = words;
  const { name = '', checks = [] } = view.checklist ?? {};
  const done = checks.filter(({ state }) => state === 'pass').length;
  return {
    title: t('Checklist {0}', name),
    progress: t('{0} of {1} done', done, checks.length),
    items: checks.map(check => buildCheck(check, busy.has(check.id), words)),
  };
}

function buildCheck(check: CheckView, isBusy: boolean, { t, time }: Words): CheckItem {
  const { tick, voided, digest } = check;
  const note = tick?.note ?? voided?.note;
  const scopes = {
    release: t('Good for this release everywhere'),
    environment: t('Good for this release here'),
    promotion: t('Good for one promotion'),
  };
  return {
    id: check.id,
    text: check.text,
    state: check.state,
    stateText: voided ? t('void') : { pass: t('done'), hold: t('open'), unknown: t('unknown') }[check.state],
    lines: [
      ...(tick ? [t('{0}, {1}', tick.person, time(tick.at))] : []),
      ...(voided
        ? [t('Ticked by {0}, {1}, and void: {2}.', voided.person, time(voided.at), voided.why)]
        : []),
      ...(check.state === 'unknown' ? [check.reason] : []),
      ...(check.state === 'pass' || check.next === undefined ? [] : [check.next]),
      scopes[check.scope],
    ],
    ...(note === undefined ? {} : { note: t('Note: {0}', note) }),
    ...(digest !== undefined && check.mine ? { digest } : {}),
    busy: isBusy,
    noteAction: tick ? (note === undefined ? t('Add Note...') : t('Edit Note...')) : t('Tick with Note...'),
  };
}

function buildStateText(state: Gate['state'], t: Translate): string {
  return { pass: t('passes'), hold: t('holds'), unknown: t('unknown, holds') }[state];
}

function buildDigestLines({ digests, policy, commit }: ChecklistView, { t }: Words): string[] {
  const short = (digest: string) => digest.slice(3, 15);
  const { release, plan } = digests;
  const known = plan ?? release;
  return [
    t('Release {0}', short(release.digest)),
    ...(plan ? [t('Plan {0}', short(plan.digest))] : []),
    t('Policy from {0} at {1}', policy.from, policy.commit.slice(0, 7)),
    ...known.parts.flatMap(part => describePart(part, { t, commit })),
  ];
}

/** What a digest covers, where it is short enough to be read; digests of digests are left out. */
function describePart(
  { part, name, value }: DigestPart,
  { t, commit }: { readonly t: Translate; readonly commit: string },
): readonly string[] {
  switch (part) {
    case 'commit':
      return [t('Commit {0}', commit.slice(0, 7))];
    case 'image':
      return [t('Image {0}', `${name}:${value.replace('@unverified', '')}`)];
    case 'chart':
      return [t('Chart {0}', name)];
    case 'migrations':
      return [t('The database\u2019s migrations')];
    case 'cluster':
      return [t('Cluster {0}', value)];
    case 'namespace':
      return [t('Namespace {0}', value)];
    case 'set':
      return [t('set: {0}', `${name}: ${value}`)];
    case 'values':
      return [t('Values {0}', name)];
    case 'method':
      return [t('{0} by {1}', name, value)];
    case 'arguments':
      return [t('Arguments for {0}', name)];
    case 'policy':
      return [t('Policy: {0}', name)];
    case 'components':
      return [];
  }
}
