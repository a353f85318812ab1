import type { Plan } from '../daemon/protocol/plan.ts';
import type { PromotionState, StepProgress } from '../daemon/protocol/promotion.ts';
import type { Translate, Words } from './words.ts';

/** `v2.1.0 → production`, or `production back to v2.0.0` for a rollback. */
export function buildPromotionTitle(plan: Plan, t: Translate): string {
  const { release, target, kind } = plan;
  return kind === 'rollback'
    ? t('{0} back to {1}', target.environment, release.version)
    : t('{0} \u2192 {1}', release.version, target.environment);
}

const endedStates: ReadonlySet<PromotionState> = new Set<PromotionState>([
  'rejected',
  'expired',
  'withdrawn',
  'succeeded',
  'failed',
  'cancelled',
  'rolledBack',
  'needsPerson',
]);

/** True when nothing more will happen to a promotion by itself. */
export function isEnded(state: PromotionState): boolean {
  return endedStates.has(state);
}

/** How often a promotion went on after the daemon had ended in the middle of it; at least once. */
export function buildRecoveryText(recoveries: number, t: Translate): string {
  return recoveries === 1
    ? t('Went on once after the daemon had ended')
    : t('Went on {0} times after the daemon had ended', recoveries);
}

/** How a tool ended, in words; the exit code where there is one. */
export function buildExitText({ reason, code }: NonNullable<StepProgress['exit']>, t: Translate): string {
  const words = {
    exited: code === null ? t('no exit code') : '',
    timedOut: t('stopped at its time limit'),
    cancelled: t('cancelled'),
    notFound: t('its program was not found'),
    lost: t('it was gone, and left no exit code'),
  }[reason];
  return [words, code === null ? '' : t('exit code {0}', code)].filter(Boolean).join(', ');
}

/** Why a plan cannot be started: the first gate that holds it, what can be done, and how many more there are. */
export function buildHeldSentence({ gates, release, target }: Plan, { t, said }: Words): string {
  const [first, ...rest] = gates.filter(gate => gate.state !== 'pass');
  const more =
    rest.length === 1
      ? t('1 more gate holds it: see the plan.')
      : t('{0} more gates hold it: see the plan.', rest.length);
  return [
    t('{0} cannot go to {1} now.', release.version, target.environment),
    said(first?.reason ?? ''),
    said(first?.next ?? ''),
    rest.length > 0 ? more : '',
  ]
    .filter(Boolean)
    .join(' ');
}

/** The sentence about the end of a promotion, its reason included. */
export function buildEndSentence(
  promotion: { readonly plan: Plan; readonly state: PromotionState; readonly reason?: string },
  t: Translate,
): string {
  const { release, target } = promotion.plan;
  const { version } = release;
  const { environment } = target;
  const reason = promotion.reason ? ` ${promotion.reason}` : '';
  switch (promotion.state) {
    case 'succeeded':
      return t('{0} runs in {1}.', version, environment);
    case 'failed':
      return t('{0} to {1} failed.{2}', version, environment, reason);
    case 'cancelled':
      return t('{0} to {1} was cancelled.{2}', version, environment, reason);
    case 'rolledBack':
      return t('{0} to {1} was rolled back.{2}', version, environment, reason);
    case 'needsPerson':
      return t('{0} to {1} needs you.{2}', version, environment, reason);
    default:
      return t('{0} to {1}: {2}.{3}', version, environment, promotion.state, reason);
  }
}
