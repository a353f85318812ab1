import { findAnchorProblems, type JournalAnchor } from './journalAnchor.ts';
import { describeJournalEntry, type JournalEntry, type JournalHead, journalOrigin } from './journalEntry.ts';
import { buildSentence, type JournalFinding } from './journalFinding.ts';
import { buildJournalLink, type JournalLink } from './journalLink.ts';
import { explainBrokenEntries } from './journalRearrangement.ts';

/** What a verification found. */
export type JournalVerification = {
  readonly ok: boolean;
  /** How many events the journal holds. */
  readonly events: number;
  /** Ordered by sequence number. */
  readonly findings: readonly JournalFinding[];
  /** The last event that an anchor proves; what comes after it could be cut without a trace. */
  readonly provenUpTo: number;
  readonly message: string;
};

/** Checks a journal, ordered by sequence number, against its own chain and against anchors kept elsewhere. */
export function verifyChain(
  entries: readonly JournalEntry[],
  anchors: readonly JournalAnchor[],
): JournalVerification {
  return verifyLinks(entries.map(buildJournalLink), anchors);
}

/** As `verifyChain`, for events whose own hashes were checked beforehand; `also` are findings from elsewhere. */
export function verifyLinks(
  links: readonly JournalLink[],
  anchors: readonly JournalAnchor[],
  also: readonly JournalFinding[] = [],
): JournalVerification {
  const start = findStart(links, anchors);
  const unreadable = links.flatMap(buildUnreadable);
  const broken = explainBrokenEntries(links, start.sequence);
  const suspects = new Set([...broken.explained, ...unreadable.map(finding => finding.sequence)]);
  const inside = [
    ...unreadable,
    ...broken.findings,
    ...findGaps(links, start),
    ...findMisfits(links, { start, anchors, suspects }),
  ];
  const outside = findAnchorProblems(links, anchors, {
    start,
    suspects: new Set([...suspects, ...inside.map(finding => finding.sequence)]),
    writtenHead: broken.writtenHead,
  });
  const findings = [...also, ...inside, ...outside.findings].sort(
    (left, right) => left.sequence - right.sequence,
  );
  const { provenUpTo } = outside;
  const head = links.at(-1)?.sequence ?? start.sequence;
  const message = [buildVerdict(links.length, findings.length), buildEnd(head, provenUpTo), forgery].join(
    ' ',
  );
  return { ok: findings.length === 0, events: links.length, findings, provenUpTo, message };
}

/** Where the chain begins: at its origin, or after the last event that retention took away. */
function findStart(links: readonly JournalLink[], anchors: readonly JournalAnchor[]): JournalHead {
  const first = links[0]?.sequence ?? Number.POSITIVE_INFINITY;
  return anchors
    .filter(anchor => anchor.reason === 'pruned' && anchor.sequence < first)
    .reduce<JournalHead>(
      (latest, anchor) => (anchor.sequence > latest.sequence ? anchor : latest),
      journalOrigin,
    );
}

/** Events that match their own hashes but do not follow each other: one of the two was written anew. */
function findMisfits(
  links: readonly JournalLink[],
  chain: {
    readonly start: JournalHead;
    readonly anchors: readonly JournalAnchor[];
    readonly suspects: ReadonlySet<number>;
  },
): readonly JournalFinding[] {
  const anchored = new Set(chain.anchors.map(anchor => `${anchor.sequence} ${anchor.hash}`));
  const suspects = new Set(chain.suspects);
  const isSuspect = (link: JournalHead | undefined): boolean =>
    link !== undefined && suspects.has(link.sequence);
  const before = (index: number): JournalHead => links[index - 1] ?? chain.start;
  const misfits = links.flatMap((link, index) => (follows(before(index), link) ? [] : [{ link, index }]));
  const places = new Set(misfits.map(({ index }) => index));
  const findings: JournalFinding[] = [];
  const blame = (link: JournalLink): void => {
    suspects.add(link.sequence);
    findings.push(buildRewritten(link));
  };
  for (const { link, index } of misfits) {
    // An event that fits neither neighbour is the one that was changed, not the two beside it.
    const isLonely = places.has(index + 1) && !isSuspect(links[index + 1]);
    if (isLonely && !isSuspect(before(index)) && !isSuspect(link)) {
      blame(link);
    }
  }
  for (const { link, index } of misfits) {
    if (!isSuspect(before(index)) && !isSuspect(link)) {
      const previous = links[index - 1];
      const isProven = !previous || anchored.has(`${previous.sequence} ${previous.hash}`);
      blame(isProven ? link : previous);
    }
  }
  return findings;
}

/** True when nothing speaks against `link` being the next event; a gap is another finding. */
function follows(before: JournalHead, link: JournalLink): boolean {
  return before.sequence + 1 !== link.sequence || before.hash === link.previous;
}

function findGaps(links: readonly JournalLink[], start: JournalHead): readonly JournalFinding[] {
  return links.flatMap((link, index) => {
    const previous = links[index - 1];
    const first = (previous ?? start).sequence + 1;
    const last = link.sequence - 1;
    if (last < first) {
      return [];
    }
    const where = previous
      ? `between ${describeJournalEntry(previous)} and ${describeJournalEntry(link)}`
      : `before ${describeJournalEntry(link)}`;
    const message =
      first === last
        ? `Event ${first} was removed: it stood ${where}.`
        : `Events ${first} to ${last} were removed: they stood ${where}.`;
    return [{ problem: 'removed', sequence: first, message }];
  });
}

function buildUnreadable(link: JournalLink): readonly JournalFinding[] {
  if (link.unreadable === undefined) {
    return [];
  }
  const message = `${buildSentence(describeJournalEntry(link))} cannot be read: ${link.unreadable}.`;
  return [{ problem: 'unreadable', sequence: link.sequence, message }];
}

function buildRewritten(link: JournalLink): JournalFinding {
  const what = buildSentence(describeJournalEntry(link));
  const message = `${what} was edited together with its hash: it does not fit the events beside it.`;
  return { problem: 'edited', sequence: link.sequence, message };
}

function buildVerdict(events: number, problems: number): string {
  const count = events === 1 ? '1 event' : `${events} events`;
  return problems === 0
    ? `The journal is whole: ${count}, each as it was written.`
    : `The journal is not as it was written: ${problems === 1 ? '1 problem' : `${problems} problems`} in ${count}.`;
}

function buildEnd(head: number, provenUpTo: number): string {
  if (head === 0) {
    return 'Nothing has been written yet.';
  }
  if (head <= provenUpTo) {
    return 'An anchor proves its end.';
  }
  const first = provenUpTo + 1;
  const which = first === head ? `Event ${head} comes` : `Events ${first} to ${head} come`;
  return `${which} after the last anchor: a cut there would not be seen, nor would an end written anew.`;
}

const forgery =
  'The anchors are kept beside the journal: whoever can write both as this user could forge both.';
