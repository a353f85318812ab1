import { describeJournalEntry, type JournalHead } from './journalEntry.ts';
import { buildSentence, type JournalFinding } from './journalFinding.ts';
import type { JournalLink } from './journalLink.ts';

/** Why an anchor was written. */
export const anchorReasons = ['promotionEnded', 'closed', 'interval', 'pruned'] as const;

/** The journal's head at one instant, kept outside the journal. */
export type JournalAnchor = JournalHead & {
  /** ISO time in UTC. */
  readonly time: string;
  /** `pruned`: retention took away this event and all before it. */
  readonly reason: (typeof anchorReasons)[number];
};

/** What anchors say about a journal, beyond what its own chain shows. */
export function findAnchorProblems(
  links: readonly JournalLink[],
  anchors: readonly JournalAnchor[],
  chain: {
    readonly start: JournalHead;
    /** The events about which the chain itself says that they are not as they were written. */
    readonly suspects: ReadonlySet<number>;
    /** The number that the last event was written with. */
    readonly writtenHead: number;
  },
): { readonly findings: readonly JournalFinding[]; readonly provenUpTo: number } {
  const ordered = anchors
    .filter(anchor => anchor.sequence > chain.start.sequence)
    .sort((left, right) => left.sequence - right.sequence);
  const bySequence = new Map(links.map(link => [link.sequence, link]));
  const matches = (anchor: JournalAnchor): boolean => bySequence.get(anchor.sequence)?.hash === anchor.hash;
  const provenUpTo = ordered.findLast(matches)?.sequence ?? chain.start.sequence;
  const cut = ordered.findLast(anchor => anchor.sequence > chain.writtenHead);
  const rewritten = ordered.find(anchor => bySequence.has(anchor.sequence) && !matches(anchor));
  const findings: JournalFinding[] = [];
  if (rewritten) {
    const before = ordered.findLast(anchor => anchor.sequence < rewritten.sequence && matches(anchor));
    const from = (before?.sequence ?? chain.start.sequence) + 1;
    // What the chain itself shows explains the anchor: one change is one finding.
    if (![...chain.suspects].some(sequence => sequence >= from && sequence <= rewritten.sequence)) {
      findings.push(buildRewritten(bySequence.get(rewritten.sequence), rewritten, from));
    }
  }
  if (cut) {
    findings.push(buildCut(links.at(-1), cut, chain.writtenHead + 1));
  }
  return { findings, provenUpTo };
}

const reasonTexts: Readonly<Record<JournalAnchor['reason'], string>> = {
  promotionEnded: 'written when a promotion ended',
  closed: 'written when the store was closed',
  interval: 'written after a hundred events',
  pruned: 'written by retention',
};

function describeAnchor(anchor: JournalAnchor): string {
  return `the anchor of ${anchor.time} (${reasonTexts[anchor.reason]})`;
}

function buildRewritten(link: JournalLink | undefined, anchor: JournalAnchor, from: number): JournalFinding {
  const what = link ? buildSentence(describeJournalEntry(link)) : `Event ${anchor.sequence}`;
  const which =
    from === anchor.sequence
      ? 'it was changed'
      : `one of the events ${from} to ${anchor.sequence} was changed`;
  const message = `${what} is not the one that ${describeAnchor(anchor)} saw: ${which}, and the chain written anew from there on.`;
  return { problem: 'edited', sequence: anchor.sequence, message };
}

function buildCut(last: JournalLink | undefined, anchor: JournalAnchor, from: number): JournalFinding {
  const end = last ? `The journal ends with ${describeJournalEntry(last)}` : 'The journal is empty';
  const which =
    from === anchor.sequence
      ? `event ${from} was cut off`
      : `events ${from} to ${anchor.sequence} were cut off`;
  const message = `${end}, but ${describeAnchor(anchor)} saw event ${anchor.sequence}: ${which}.`;
  return { problem: 'cut', sequence: from, message };
}
