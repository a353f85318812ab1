import { buildJournalHash, describeJournalEntry, type JournalEntry } from './journalEntry.ts';
import { buildSentence, type JournalFinding } from './journalFinding.ts';
import type { JournalLink } from './journalLink.ts';

/** What became of the events that do not match their own hash. */
export type Rearrangement = {
  readonly findings: readonly JournalFinding[];
  /** The sequence numbers of all of them. */
  readonly explained: ReadonlySet<number>;
  /** The number that the last event was written with. */
  readonly writtenHead: number;
};

/** Tells apart which events were exchanged, which were renumbered after a removal, and which were edited. */
export function explainBrokenEntries(links: readonly JournalLink[], start: number): Rearrangement {
  const broken = links.flatMap(link => (link.broken ? [link.broken] : []));
  const swaps = findSwaps(broken);
  const swapped = new Set(swaps.flatMap(swap => swap.map(entry => entry.sequence)));
  const rest = broken.filter(entry => !swapped.has(entry.sequence));
  const shifts = findShifts(rest);
  const findings: JournalFinding[] = swaps.map(buildSwapped);
  for (const [index, entry] of rest.entries()) {
    const shift = shifts.get(entry.sequence);
    if (shift === undefined) {
      const message = `${buildSentence(describeJournalEntry(entry))} was edited: it does not match its hash.`;
      findings.push({ problem: 'edited', sequence: entry.sequence, message });
    } else if (index === 0 || shifts.get(rest[index - 1]?.sequence ?? 0) !== shift) {
      findings.push(buildShifted(entry, shift));
    }
  }
  const last = links.at(-1)?.sequence ?? start;
  return {
    findings,
    explained: new Set(broken.map(entry => entry.sequence)),
    writtenHead: last + (shifts.get(last) ?? 0),
  };
}

/** More broken events than this are no exchange of two; the search would cost the square. */
const swapLimit = 24;

type Field = 'time' | 'type' | 'version' | 'promotionId' | 'payload';

/** What somebody may have exchanged between two events. */
const exchanges: readonly (readonly Field[])[] = [
  ['time', 'type', 'version', 'promotionId', 'payload'],
  ['type', 'version', 'payload'],
  ['payload'],
  ['time'],
];

function findSwaps(broken: readonly JournalEntry[]): readonly (readonly [JournalEntry, JournalEntry])[] {
  const candidates = broken.slice(0, swapLimit);
  const taken = new Set<JournalEntry>();
  return candidates.flatMap((left, index) => {
    const right = candidates
      .slice(index + 1)
      .find(entry => !taken.has(left) && !taken.has(entry) && areSwapped(left, entry));
    if (!right) {
      return [];
    }
    taken.add(left).add(right);
    return [[left, right] as const];
  });
}

/** True when exchanging them back gives two events that match the hashes they came with. */
function areSwapped(left: JournalEntry, right: JournalEntry): boolean {
  const fits = (entry: Omit<JournalEntry, 'hash'>): boolean =>
    [left.previous, right.previous].some(previous => {
      const hash = buildJournalHash({ ...entry, previous });
      return hash === left.hash || hash === right.hash;
    });
  return exchanges.some(fields => fits(take(left, right, fields)) && fits(take(right, left, fields)));
}

function take(entry: JournalEntry, from: JournalEntry, fields: readonly Field[]): Omit<JournalEntry, 'hash'> {
  const { promotionId, ...rest } = entry;
  const id = fields.includes('promotionId') ? from.promotionId : promotionId;
  return {
    ...rest,
    ...(fields.includes('time') ? { time: from.time } : {}),
    ...(fields.includes('type') ? { type: from.type, version: from.version } : {}),
    ...(fields.includes('payload') ? { payload: from.payload } : {}),
    ...(id === undefined ? {} : { promotionId: id }),
  };
}

/** How far a renumbering is looked for, and for how many events from scratch. */
const shiftLimit = 16;
const shiftSearches = 100;

/** Events that match their hash under another number, by how much the number was higher when written. */
function findShifts(broken: readonly JournalEntry[]): ReadonlyMap<number, number> {
  const shifts = new Map<number, number>();
  let latest = 0;
  for (const [index, entry] of broken.entries()) {
    const candidates = index < shiftSearches ? [latest, ...buildShifts()] : [latest];
    const shift = candidates.find(
      by => by !== 0 && buildJournalHash({ ...entry, sequence: entry.sequence + by }) === entry.hash,
    );
    if (shift !== undefined) {
      shifts.set(entry.sequence, shift);
      latest = shift;
    }
  }
  return shifts;
}

function buildShifts(): readonly number[] {
  return Array.from({ length: shiftLimit }, (_, index) => [index + 1, -index - 1]).flat();
}

function buildSwapped([left, right]: readonly [JournalEntry, JournalEntry]): JournalFinding {
  const message = `${buildSentence(describeJournalEntry(left))} and ${describeJournalEntry(right)} were swapped.`;
  return { problem: 'swapped', sequence: left.sequence, message };
}

function buildShifted(entry: JournalEntry, shift: number): JournalFinding {
  const what = `what stands as ${describeJournalEntry(entry)} was written as event ${entry.sequence + shift}`;
  if (shift < 0) {
    const sequence = entry.sequence + shift;
    return { problem: 'edited', sequence, message: `Event ${sequence} was put in afterwards: ${what}.` };
  }
  const last = entry.sequence + shift - 1;
  const which =
    shift === 1 ? `Event ${last} was removed` : `Events ${entry.sequence} to ${last} were removed`;
  return {
    problem: 'removed',
    sequence: entry.sequence,
    message: `${which} and the events after renumbered: ${what}.`,
  };
}
