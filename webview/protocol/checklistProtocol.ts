import * as z from 'zod/mini';
import type { PanelProtocol } from './panelProtocol.ts';

const state = z.enum(['pass', 'hold', 'unknown']);

/** Something to press; the extension knows what its id stands for. */
const action = z.object({ id: z.string(), title: z.string() });

/** A gate as people read it. */
const gate = z.object({
  id: z.string(),
  title: z.string(),
  state,
  /** The state as a word. */
  stateText: z.string(),
  reason: z.string(),
  /** Who can clear it and how. */
  next: z.optional(z.string()),
  /** Since when, and what makes people obey. */
  facts: z.array(z.string()),
  action: z.optional(action),
});

/** A check as people read it. */
const check = z.object({
  id: z.string(),
  text: z.string(),
  state,
  stateText: z.string(),
  /** Who ticked it and when; or why it is open, and who can tick it. */
  lines: z.array(z.string()),
  note: z.optional(z.string()),
  /** What a tick would be for; without it nobody can tick it here. */
  digest: z.optional(z.string()),
  /** True while the answer to a tick is awaited. */
  busy: z.boolean(),
  noteAction: z.string(),
});

/** What the page shows: texts in the person's language, made by the extension. */
const page = z.object({
  /** What it is about: "v2.1.0 to production". */
  title: z.string(),
  /** Sentences above everything else: not connected, stale, failed. */
  notices: z.array(z.string()),
  /** The state of the whole as one sentence. */
  summary: z.optional(z.string()),
  /** What to do next; the first is the one that leads on. */
  actions: z.array(action),
  gates: z.optional(z.object({ title: z.string(), items: z.array(gate) })),
  checks: z.optional(z.object({ title: z.string(), progress: z.string(), items: z.array(check) })),
  /** What ticks are for, by name. */
  digests: z.optional(z.object({ title: z.string(), lines: z.array(z.string()) })),
  /** What is awaited, where something is. */
  busy: z.optional(z.string()),
});

const show = z.object({ type: z.literal('show'), page });

/** What the checklist's page and the extension say to each other. */
export const checklistProtocol = {
  toPage: z.discriminatedUnion('type', [
    show,
    /** What came of a tick of this check has been shown, whatever it was. */
    z.object({ type: z.literal('answered'), checkId: z.string() }),
    /** Something has changed without the person's doing: a screen reader tells it. */
    z.object({ type: z.literal('say'), sentence: z.string() }),
  ]),
  fromPage: z.discriminatedUnion('type', [
    /** The page can take messages. */
    z.object({ type: z.literal('ready') }),
    /** The page has shown something that is not only awaited, so many milliseconds after it began to load. */
    z.object({ type: z.literal('shown'), afterMs: z.number() }),
    /** The action of this id was pressed. */
    z.object({ type: z.literal('act'), id: z.string() }),
    /** The person says that a check is done, or takes it back, for the digest that they saw. */
    z.object({ type: z.literal('tick'), checkId: z.string(), digest: z.string(), ticked: z.boolean() }),
    /** The person wants to tick with a note, or to change the note. */
    z.object({ type: z.literal('note'), checkId: z.string(), digest: z.string() }),
  ]),
} satisfies PanelProtocol;

/** The message that says what to show; the page keeps the last. */
export const showMessage = show;

/** What the extension knew when it wrote the page's HTML. */
export const givenPage = z.object({
  /** Of this HTML alone: VS Code loads it again whenever the page is shown, and by then this is old. */
  id: z.string(),
  page,
});

/** What a page's HTML says that it shows. */
export type GivenPage = z.output<typeof givenPage>;

/** What the page shows. */
export type ChecklistPage = z.output<typeof page>;

/** A gate as people read it. */
export type GateItem = z.output<typeof gate>;

/** A check as people read it. */
export type CheckItem = z.output<typeof check>;

/** Something to press. */
export type PageAction = z.output<typeof action>;
