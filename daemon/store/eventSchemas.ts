import * as z from 'zod';
import type { JsonValue } from '../model/canonicalJson.ts';
import { checkScopes } from '../model/check.ts';
import type { JournalInput } from '../model/journalEntry.ts';
import type { PromotionEvent } from '../model/promotionEvent.ts';
import { digestPartSchema, digestSchema } from '../protocol/digest.ts';
import { gateSchema } from '../protocol/gate.ts';
import { plannedStepSchema, planSchema } from '../protocol/plan.ts';
import { inspectionSchema, toolExitSchema } from '../protocol/promotion.ts';

/** Every version of a type of event, the first first; the last is the one that is written. */
type Versions<T = unknown> = readonly [z.ZodType<T>, ...z.ZodType<T>[]];

/** Schemas of promotions' events; an older version's schema transforms to the present shape. */
const promotionEvents: {
  readonly [T in PromotionEvent['type']]: Versions<Extract<PromotionEvent, { type: T }>>;
} = {
  'promotion.requested': [
    z.object({ type: z.literal('promotion.requested'), plan: planSchema, person: z.string() }),
  ],
  'promotion.started': [
    z.object({ type: z.literal('promotion.started'), gates: z.array(gateSchema), host: z.string() }),
  ],
  'step.intended': [
    z.object({
      type: z.literal('step.intended'),
      stepId: z.string(),
      attempt: z.number().int().min(1),
      argvDigest: z.exactOptional(digestSchema),
      spool: z.exactOptional(z.string()),
    }),
  ],
  'step.spawned': [
    z.object({
      type: z.literal('step.spawned'),
      stepId: z.string(),
      pid: z.number().int(),
      startTime: z.string(),
    }),
  ],
  'step.completed': [
    z.object({
      type: z.literal('step.completed'),
      stepId: z.string(),
      outcome: z.enum(['done', 'failed', 'cancelled', 'unknown']),
      inspection: inspectionSchema,
      exit: z.exactOptional(toolExitSchema),
      output: z.exactOptional(digestSchema),
    }),
  ],
  'promotion.cancelRequested': [
    z.object({ type: z.literal('promotion.cancelRequested'), person: z.string() }),
  ],
  'promotion.compensating': [
    z.object({ type: z.literal('promotion.compensating'), step: plannedStepSchema, reason: z.string() }),
  ],
  'promotion.recovered': [
    z.object({
      type: z.literal('promotion.recovered'),
      stepId: z.string(),
      inspection: inspectionSchema,
      decision: z.enum(['adopt', 'goOn', 'runAgain', 'stop', 'ask']),
    }),
  ],
  'promotion.ended': [
    z.object({
      type: z.literal('promotion.ended'),
      outcome: z.enum(['succeeded', 'failed', 'cancelled', 'rolledBack', 'needsPerson']),
      reason: z.string(),
    }),
  ],
};

/** What every event of a check says. */
const checkEvent = {
  repositoryId: z.string(),
  checkId: z.string(),
  check: z.string(),
  scope: z.enum(checkScopes),
  environment: z.string(),
  release: z.string(),
  digest: digestSchema,
  person: z.string(),
};

/** Schemas of what people said and of the store's own doings. */
const recordEvents = {
  'repository.trusted': [
    z.object({
      repositoryId: z.string(),
      commandsDigest: digestSchema,
      commands: z.array(z.array(z.string())),
      person: z.string(),
    }),
  ],
  'environment.connected': [
    z.object({
      repositoryId: z.string(),
      environment: z.string(),
      context: z.string(),
      server: z.string(),
      clusterId: z.exactOptional(z.string()),
      person: z.string(),
    }),
  ],
  'environment.disconnected': [
    z.object({ repositoryId: z.string(), environment: z.string(), person: z.string() }),
  ],
  'release.tagMoveAccepted': [
    z.object({
      repositoryId: z.string(),
      tag: z.string(),
      from: z.string(),
      to: z.string(),
      person: z.string(),
    }),
  ],
  'check.ticked': [
    z.object({
      ...checkEvent,
      role: z.string(),
      note: z.exactOptional(z.string()),
      parts: z.array(digestPartSchema),
    }),
  ],
  'check.unticked': [z.object(checkEvent)],
  'lock.released': [
    z.object({ clusterId: z.string(), namespace: z.string(), person: z.string(), reason: z.string() }),
  ],
  'journal.pruned': [z.object({ upTo: z.number().int(), hash: z.string(), events: z.number().int() })],
} as const satisfies Readonly<Record<string, Versions>>;

/** What people said and the store did, by type of event. */
export type RecordEventType = keyof typeof recordEvents;

/** Builds the journal's form of a promotion's event. */
export function buildPromotionInput(promotionId: string, event: PromotionEvent): JournalInput {
  const { type, ...payload } = event;
  return { type, version: promotionEvents[type].length, promotionId, payload };
}

/** Builds the journal's form of another event. */
export function buildRecordInput<T extends RecordEventType>(
  type: T,
  payload: z.output<(typeof recordEvents)[T][0]> & JsonValue,
): JournalInput {
  return { type, version: recordEvents[type].length, payload };
}

/** Reads a promotion's event back; `undefined` for events that are none. Throws an Error that says what is wrong. */
export function parsePromotionEvent(input: JournalInput): PromotionEvent | undefined {
  if (!isPromotionType(input.type)) {
    return undefined;
  }
  const versions: Versions<PromotionEvent> = promotionEvents[input.type];
  return parseVersion(versions, input, { ...asObject(input.payload), type: input.type });
}

/** An event of a check. */
export type CheckEvent =
  | ({ readonly type: 'check.ticked' } & z.output<(typeof recordEvents)['check.ticked'][0]>)
  | ({ readonly type: 'check.unticked' } & z.output<(typeof recordEvents)['check.unticked'][0]>);

/** Reads a check's event back; `undefined` for events that are none. Throws an Error that says what is wrong. */
export function parseCheckEvent(input: JournalInput): CheckEvent | undefined {
  switch (input.type) {
    case 'check.ticked':
      return { type: input.type, ...parseVersion(recordEvents[input.type], input, input.payload) };
    case 'check.unticked':
      return { type: input.type, ...parseVersion(recordEvents[input.type], input, input.payload) };
    default:
      return undefined;
  }
}

/** Why this program cannot read an event; `undefined` when it can. */
export function findUnreadable(input: JournalInput): string | undefined {
  try {
    if (!parsePromotionEvent(input)) {
      if (!isRecordType(input.type)) {
        return `this version of Slipway knows no event ${input.type}`;
      }
      parseVersion<unknown>(recordEvents[input.type], input, input.payload);
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function parseVersion<T>(versions: Versions<T>, input: JournalInput, value: unknown): T {
  const schema = versions[input.version - 1];
  if (!schema) {
    throw new Error(`this version of Slipway knows no version ${input.version} of ${input.type}`);
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    throw new Error(`its payload is not what ${input.type} carries: ${z.prettifyError(result.error)}`);
  }
  return result.data;
}

function isPromotionType(type: string): type is PromotionEvent['type'] {
  return Object.hasOwn(promotionEvents, type);
}

function isRecordType(type: string): type is RecordEventType {
  return Object.hasOwn(recordEvents, type);
}

function asObject(value: JsonValue): object {
  return typeof value === 'object' && value !== null ? value : {};
}
