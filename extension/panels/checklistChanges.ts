import type { CheckView } from '../../daemon/protocol/checklist.ts';
import type { ChecklistState } from '../state/checklistState.ts';
import { isSameSubject } from '../state/checklistSubject.ts';
import type { Translate } from '../words.ts';

/** What comes within so many milliseconds is told in one sentence. */
const gatherMs = 300;

/** Follows a checklist and says what changes without the person's doing here, once; returns how to stop. */
export function followChecklistChanges(
  checklist: {
    readonly state: ChecklistState;
    onDidChange(listener: (state: ChecklistState) => void): () => void;
  },
  parts: { readonly t: Translate; readonly say: (sentence: string) => void },
): () => void {
  let before = checklist.state;
  let timer: NodeJS.Timeout | undefined;
  const gathered = new Map<string, ChecklistChange>();
  const tell = () => {
    timer = undefined;
    const sentence = describeChecklistChanges([...gathered.values()], parts.t);
    gathered.clear();
    if (sentence !== undefined) {
      parts.say(sentence);
    }
  };
  const stop = checklist.onDidChange(now => {
    if (!isSameSubject(before.subject, now.subject)) {
      gathered.clear();
    }
    for (const change of listChecklistChanges(before, now)) {
      gathered.set(change.check.id, change);
      timer ??= setTimeout(tell, gatherMs);
    }
    before = now;
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}

/** What has become of a check. */
export type ChecklistChange = { readonly check: CheckView; readonly kind: Kind };

/** What has become of checks without the person's doing here. */
export function listChecklistChanges(
  before: ChecklistState,
  now: ChecklistState,
): readonly ChecklistChange[] {
  if (!isSameSubject(before.subject, now.subject)) {
    return [];
  }
  const known = new Map(before.view?.checklist?.checks.map(check => [check.id, check]));
  return (now.view?.checklist?.checks ?? []).flatMap(check => {
    const earlier = known.get(check.id);
    // The row itself says what came of the person's own tick.
    const isOwn = before.busy.has(check.id) || now.busy.has(check.id);
    const kind = earlier && !isOwn ? readChange(earlier, check) : undefined;
    return kind === undefined ? [] : [{ check, kind }];
  });
}

/** Says changes in one sentence; `undefined` where there are none. */
export function describeChecklistChanges(
  changes: readonly ChecklistChange[],
  t: Translate,
): string | undefined {
  const [first, ...others] = changes;
  if (!first) {
    return undefined;
  }
  return others.length === 0
    ? describeOne(first, t)
    : t('{0} checks changed: {1}.', changes.length, countKinds(changes, t));
}

type Kind = 'void' | 'takenBack' | 'ticked' | 'other';

function readChange(before: CheckView, now: CheckView): Kind | undefined {
  if (readStanding(before) === readStanding(now)) {
    return undefined;
  }
  if (now.voided) {
    return 'void';
  }
  if (now.tick) {
    return 'ticked';
  }
  // Where nobody can know what a tick would be for, the tick is still there.
  return before.tick && now.state === 'hold' ? 'takenBack' : 'other';
}

function readStanding({ tick, voided, state }: CheckView): string {
  return voided ? 'void' : tick ? 'ticked' : state;
}

function describeOne({ check, kind }: ChecklistChange, t: Translate): string {
  const { text, tick, voided, reason } = check;
  switch (kind) {
    case 'void':
      return t('{0}: the tick is void, {1}.', text, voided?.why ?? '');
    case 'takenBack':
      return t('{0}: the tick was taken back.', text);
    case 'ticked':
      return t('{0}: ticked by {1}.', text, tick?.person ?? '');
    case 'other':
      return t('{0}: {1}', text, reason);
  }
}

function countKinds(changes: readonly ChecklistChange[], t: Translate): string {
  const count = (kind: Kind) => changes.filter(change => change.kind === kind).length;
  const [isVoid, takenBack, ticked, other] = [
    count('void'),
    count('takenBack'),
    count('ticked'),
    count('other'),
  ];
  return [
    ...(isVoid > 0 ? [t('{0} void', isVoid)] : []),
    ...(takenBack > 0 ? [t('{0} taken back', takenBack)] : []),
    ...(ticked > 0 ? [t('{0} ticked', ticked)] : []),
    ...(other > 0 ? [t('{0} otherwise', other)] : []),
  ].join(', ');
}
