import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { SlipwayError } from '../../daemon/protocol/errors.ts';
import type { Plan } from '../../daemon/protocol/plan.ts';
import type { Promotion } from '../../daemon/protocol/promotion.ts';
import { waitFor } from '../../sandbox/waitFor.ts';
import { listOwnProcesses } from './ownProcesses.ts';
import type { EnvironmentName, PromotionBed } from './promotionBed.ts';

/** Asks for the start of a plan; resolves to whether the daemon lived to acknowledge it. */
export async function startPlan(bed: PromotionBed, plan: Plan): Promise<boolean> {
  const { id: planId, digest: planDigest, target } = plan;
  try {
    await bed.client.request('promotion.start', { planId, planDigest, confirmation: target.environment });
    return true;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === 'disconnected') {
      return false;
    }
    throw error;
  }
}

/** A promotion as the journal has it now; `undefined` when it is not among the newest ten. */
export async function findPromotion(bed: PromotionBed, promotionId: string): Promise<Promotion | undefined> {
  const { id: repositoryId } = bed.repository;
  const { promotions } = await bed.client.request('promotion.list', { repositoryId, limit: 10 });
  return promotions.find(({ id }) => id === promotionId);
}

/** Waits until a promotion satisfies a condition, and returns it as it was then. */
export async function waitForPromotion(
  bed: PromotionBed,
  promotionId: string,
  { what, satisfies, limitMs = 60_000 }: PromotionWait,
): Promise<Promotion> {
  let found: Promotion | undefined;
  const check = async () => {
    found = await findPromotion(bed, promotionId);
    return found !== undefined && satisfies(found);
  };
  await waitFor(`${promotionId} to ${what}`, check, { limitMs }).catch((error: unknown) => {
    throw new Error(`${String(error)} It is ${JSON.stringify(found, ['state', 'reason', 'steps', 'id'])}.`);
  });
  return found ?? assert.fail('waitFor resolved without a promotion');
}

/** What to wait for. */
export type PromotionWait = {
  /** Completes the sentence "waited for the promotion to ...". */
  readonly what: string;
  readonly satisfies: (promotion: Promotion) => boolean;
  /** 60,000 unless said. */
  readonly limitMs?: number;
};

/** Waits for the end of a promotion, however it ends. */
export function waitForEnd(bed: PromotionBed, promotionId: string, limitMs?: number): Promise<Promotion> {
  const satisfies = (promotion: Promotion) => promotion.endedAt !== undefined;
  return waitForPromotion(bed, promotionId, {
    what: 'end',
    satisfies,
    ...(limitMs === undefined ? {} : { limitMs }),
  });
}

/** Waits until Helm's newest row of an environment has a status, as `pending-upgrade` while helm works. */
export function waitForHelm(bed: PromotionBed, environment: EnvironmentName, status: string): Promise<void> {
  return waitFor(
    `${environment} to be ${status}`,
    async () => (await bed.history(environment)).at(-1)?.status === status,
    { limitMs: 30_000 },
  );
}

/**
 * What a promotion must not leave behind, as sentences: Helm's newest row pending, a tool or its shell, a journal that does
 * not verify. Empty when all is well.
 */
export async function listLeftovers(
  bed: PromotionBed,
  environment: EnvironmentName,
): Promise<readonly string[]> {
  // Below the newest row `helm rollback` leaves a pending one as it was, and nothing minds.
  const pending = (await bed.history(environment)).slice(-1).filter(row => row.status.startsWith('pending-'));
  const journal = await bed.client.request('journal.verify', {});
  return [
    ...pending.map(row => `revision ${row.revision} of ${environment} is ${row.status}`),
    ...listTools(bed).map(({ pid, words }) => `process ${pid} still runs: ${words}`),
    ...journal.findings.map(finding => `journal event ${finding.sequence}: ${finding.message}`),
  ];
}

/** The tools of a bed's daemon, and their shells, that live now. */
export function listTools(bed: PromotionBed) {
  return listOwnProcesses(bed.home).filter(({ pid }) => pid !== bed.daemonPid);
}

/** Reads the whole output of a step through the protocol, following it to its end. */
export async function readOutput(bed: PromotionBed, promotionId: string, stepId: string): Promise<string> {
  const { client } = bed;
  const pieces: string[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const stop = client.onNotification('output.appended', piece => {
    if (piece.promotionId === promotionId && piece.stepId === stepId) {
      pieces.push(piece.text);
      if (piece.ended) {
        resolve();
      }
    }
  });
  const first = await client.request('output.follow', { promotionId, stepId, offset: 0 });
  if (!first.ended) {
    await ended;
  }
  stop();
  return [first.text, ...pieces].join('');
}

/** What the tool of a step has written, as it is in its spool file. */
export function readSpoolFile(promotion: Promotion, stepId: string): string {
  const spool = promotion.steps.find(step => step.id === stepId)?.spool;
  return readFileSync(spool ?? assert.fail(`step ${stepId} has no spool`), 'utf8');
}
