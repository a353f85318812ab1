import type { DaemonClient } from '../daemon/client/daemonClient.ts';
import type { Result } from '../daemon/protocol/messages.ts';
import type { Plan } from '../daemon/protocol/plan.ts';
import type { Promotion } from '../daemon/protocol/promotion.ts';
import type { RepositoryView } from '../daemon/protocol/repository.ts';

/** How long one promotion of the sample may take, in milliseconds. */
const promotionMs = 3 * 60_000;

/** Opens a repository as a person would: opens it, trusts its commands, connects every environment. */
export async function openRepository(
  client: DaemonClient,
  folder: string,
  contextOf: (environment: string) => string,
): Promise<RepositoryView> {
  const opened = await client.request('repository.open', { folder });
  if (opened.trust.state !== 'trusted') {
    const { commandsDigest } = opened.trust;
    await client.request('repository.trust', { repositoryId: opened.id, commandsDigest });
  }
  for (const { name } of opened.environments) {
    await client.request('environment.connect', {
      repositoryId: opened.id,
      environment: name,
      context: contextOf(name),
    });
  }
  return client.request('repository.open', { folder });
}

/** Plans and starts a promotion and resolves when it has ended, however it ended. */
export async function promote(
  client: DaemonClient,
  request: { readonly repositoryId: string; readonly environment: string; readonly release: string },
  onPlan: (plan: Plan) => void = () => {},
): Promise<Promotion> {
  const plan = await client.request('promotion.plan', { ...request, kind: 'regular' });
  onPlan(plan);
  return start(client, plan);
}

/**
 * Ticks every open check of a release's checklist for an environment, as a person does who has looked at each; answers
 * the texts of those that were ticked. Nothing to do where the environment asks for none.
 */
export async function tickChecks(
  client: DaemonClient,
  place: { readonly repositoryId: string; readonly environment: string; readonly release: string },
): Promise<readonly string[]> {
  const { checklist } = await client.request('checklist.read', place);
  const open = (checklist?.checks ?? []).filter(({ state }) => state !== 'pass');
  for (const { id, digest, text, reason } of open) {
    if (digest === undefined) {
      throw new Error(`"${text}" cannot be ticked: ${reason}`);
    }
    await client.request('checklist.tick', { ...place, checkId: id, digest });
  }
  return open.map(({ text }) => text);
}

/** Plans and starts the way back and resolves when it has ended. */
export async function rollBack(
  client: DaemonClient,
  request: { readonly repositoryId: string; readonly environment: string },
): Promise<Promotion> {
  return start(client, await client.request('promotion.plan', { ...request, kind: 'rollback' }));
}

/** Starts a plan and resolves when its promotion has ended. */
export async function start(client: DaemonClient, plan: Plan): Promise<Promotion> {
  const ended = waitForEnd(client, plan.id);
  await client.request('promotion.start', {
    planId: plan.id,
    planDigest: plan.digest,
    confirmation: plan.target.environment,
  });
  return ended;
}

/** Resolves with a promotion when it has ended; rejects when it takes longer than three minutes. */
export function waitForEnd(client: DaemonClient, promotionId: string): Promise<Promotion> {
  const { promise, resolve, reject } = Promise.withResolvers<Promotion>();
  const stop = client.onNotification('promotion.changed', ({ promotion }) => {
    if (promotion.id === promotionId && promotion.endedAt !== undefined) {
      resolve(promotion);
    }
  });
  client.onClosed(() => reject(new Error(`the daemon went away while ${promotionId} was running`)));
  const limit = setTimeout(() => reject(new Error(`${promotionId} has not ended in time`)), promotionMs);
  return promise.finally(() => {
    clearTimeout(limit);
    stop();
  });
}

/** The timeline of a promotion: a line per journal event. */
export function buildTimeline(events: Result<'journal.read'>['events']): readonly string[] {
  return events.map(event => {
    const payload = event.payload as {
      stepId?: string;
      outcome?: string;
      reason?: string;
      inspection?: { summary?: string };
    };
    const words = [payload.stepId, payload.outcome, payload.reason ?? payload.inspection?.summary];
    return `${event.time}  ${String(event.sequence).padStart(4)}  ${event.type.padEnd(20)}  ${words.filter(Boolean).join('  ')}`;
  });
}
