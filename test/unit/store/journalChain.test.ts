import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { JsonValue } from '../../../daemon/model/canonicalJson.ts';
import type { JournalAnchor } from '../../../daemon/model/journalAnchor.ts';
import { verifyChain } from '../../../daemon/model/journalChain.ts';
import {
  buildJournalEntry,
  buildJournalHash,
  type JournalEntry,
  type JournalInput,
  journalOrigin,
} from '../../../daemon/model/journalEntry.ts';

const types = ['promotion.requested', 'step.intended', 'step.completed', 'promotion.ended'];

const inputs = fc.array(
  fc.record(
    {
      type: fc.constantFrom(...types),
      version: fc.integer({ min: 1, max: 3 }),
      promotionId: fc.constantFrom('p-1', 'p-2', 'p-3'),
      payload: fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>,
    },
    { requiredKeys: ['type', 'version', 'payload'] },
  ) as fc.Arbitrary<JournalInput>,
  { minLength: 1, maxLength: 25 },
);

function build(list: readonly JournalInput[]): JournalEntry[] {
  const entries: JournalEntry[] = [];
  for (const [index, input] of list.entries()) {
    const time = new Date(Date.UTC(2026, 0, 1, 0, index)).toISOString();
    entries.push(buildJournalEntry(entries.at(-1) ?? journalOrigin, input, time));
  }
  return entries;
}

/** Writes the chain anew from an index on, as somebody would who knows how it is made. */
function rewrite(entries: readonly JournalEntry[], from: number): JournalEntry[] {
  const result = entries.slice(0, from);
  for (const entry of entries.slice(from)) {
    result.push(buildJournalEntry(result.at(-1) ?? journalOrigin, entry, entry.time));
  }
  return result;
}

function anchorAt(entries: readonly JournalEntry[], sequence: number): JournalAnchor {
  const entry = entries[sequence - 1];
  assert.ok(entry);
  return { sequence, hash: entry.hash, time: '2026-02-01T00:00:00.000Z', reason: 'promotionEnded' };
}

/** A journal, a place in it, and anchors; at least the last anchor comes at or after the place. */
const anchored = inputs.chain(list =>
  fc.record({ place: fc.nat({ max: list.length - 1 }) }).chain(({ place }) => {
    const entries = build(list);
    return fc
      .record({
        last: fc.integer({ min: place + 1, max: entries.length }),
        others: fc.array(fc.integer({ min: 1, max: entries.length }), { maxLength: 3 }),
      })
      .map(({ last, others }) => {
        const highest = Math.max(last, ...others);
        const anchors = [...others, last].map(sequence => anchorAt(entries, sequence));
        return { entries, place, anchors, highest };
      });
  }),
);

function at(entries: readonly JournalEntry[], index: number): JournalEntry {
  const entry = entries[index];
  assert.ok(entry);
  return entry;
}

/** Changes one thing of an event, by a number that chooses which. */
function edit(entry: JournalEntry, choice: number): JournalEntry {
  switch (choice % 5) {
    case 0:
      return { ...entry, payload: [entry.payload, 'edited'] };
    case 1:
      return { ...entry, time: '2026-01-01T23:59:59.999Z' };
    case 2:
      return { ...entry, type: `${entry.type}.other` };
    case 3:
      return { ...entry, version: entry.version + 1 };
    default:
      return { ...entry, promotionId: `${entry.promotionId ?? ''}x` };
  }
}

function assertNames(message: string, entry: JournalEntry): void {
  const text = message.toLowerCase();
  assert.ok(text.includes(`event ${entry.sequence} (`), message);
  assert.ok(text.includes(entry.type.toLowerCase()), message);
  assert.ok(text.includes(entry.time.toLowerCase()), message);
  assert.ok(entry.promotionId === undefined || text.includes(entry.promotionId), message);
}

describe('the journal chain', () => {
  it('L-09a is whole when nobody touched it, with and without anchors', () =>
    fc.assert(
      fc.property(anchored, ({ entries, anchors, highest }) => {
        const verification = verifyChain(entries, anchors);
        assert.deepEqual(verification.findings, []);
        assert.ok(verification.ok);
        assert.equal(verification.events, entries.length);
        assert.equal(verification.provenUpTo, highest);
        assert.ok(verifyChain(entries, []).ok);
      }),
    ));

  it('L-09a covers sequence, time, type, version, promotion, payload and the hash before', () => {
    const entry = at(build([{ type: 'step.intended', version: 1, promotionId: 'p-1', payload: 1 }]), 0);
    const changed = [
      ...[0, 1, 2, 3, 4].map(choice => edit(entry, choice)),
      { ...entry, sequence: 2 },
      { ...entry, previous: 'v1:0' },
    ];
    assert.deepEqual(
      changed.map(other => buildJournalHash(other) === entry.hash),
      changed.map(() => false),
    );
  });

  it('L-09b finds and names an edited event, wherever the anchors are', () =>
    fc.assert(
      fc.property(anchored, fc.nat(), ({ entries, place, anchors }, choice) => {
        const changed = entries.with(place, edit(at(entries, place), choice));
        for (const given of [anchors, []]) {
          const { ok, findings } = verifyChain(changed, given);
          assert.ok(!ok);
          assert.deepEqual(
            findings.map(({ problem, sequence }) => ({ problem, sequence })),
            [{ problem: 'edited', sequence: place + 1 }],
          );
          assertNames(findings[0]?.message ?? '', at(changed, place));
        }
      }),
    ));

  it('L-09b finds and names an event that was edited together with its own hash', () =>
    fc.assert(
      fc.property(anchored, fc.nat(), ({ entries, place, anchors }, choice) => {
        const other = edit(at(entries, place), choice);
        const changed = entries.with(place, { ...other, hash: buildJournalHash(other) });
        const { findings } = verifyChain(changed, anchors);
        assert.deepEqual(
          findings.map(({ problem, sequence }) => ({ problem, sequence })),
          [{ problem: 'edited', sequence: place + 1 }],
        );
        assertNames(findings[0]?.message ?? '', other);
      }),
    ));

  it('L-09b finds an edit up to the last anchor when the chain was written anew after it', () =>
    fc.assert(
      fc.property(anchored, fc.nat(), ({ entries, place, anchors }, choice) => {
        const changed = rewrite(entries.with(place, edit(at(entries, place), choice)), place);
        const { findings, provenUpTo } = verifyChain(changed, anchors);
        const first = Math.min(
          ...anchors.map(anchor => anchor.sequence).filter(sequence => sequence > place),
        );
        assert.deepEqual(
          findings.map(({ problem, sequence }) => ({ problem, sequence })),
          [{ problem: 'edited', sequence: first }],
        );
        assertNames(findings[0]?.message ?? '', at(changed, first - 1));
        assert.ok(provenUpTo <= place);
      }),
    ));

  it('L-09c finds and names a removed event', () =>
    fc.assert(
      fc.property(anchored, ({ entries, place, anchors, highest }) => {
        const { findings } = verifyChain(entries.toSpliced(place, 1), anchors);
        const isTail = place === entries.length - 1;
        assert.equal(findings.length, 1);
        assert.equal(findings[0]?.problem, isTail ? 'cut' : 'removed');
        assert.equal(findings[0]?.sequence, place + 1);
        const neighbour = isTail ? entries[place - 1] : entries[place + 1];
        if (neighbour) {
          assertNames(findings[0]?.message ?? '', neighbour);
        }
        assert.ok(highest > place);
      }),
    ));

  it('L-09c finds a removed event when the ones after it were renumbered', () =>
    fc.assert(
      fc.property(anchored, ({ entries, place, anchors }) => {
        fc.pre(place < entries.length - 1);
        const changed = entries
          .toSpliced(place, 1)
          .map((entry, index) => ({ ...entry, sequence: index + 1 }));
        const { findings } = verifyChain(changed, anchors);
        assert.deepEqual(
          findings.map(({ problem, sequence }) => ({ problem, sequence })),
          [{ problem: 'removed', sequence: place + 1 }],
        );
      }),
    ));

  it('L-09c finds a removal up to the last anchor when the chain was written anew after it', () =>
    fc.assert(
      fc.property(anchored, ({ entries, place, anchors }) => {
        const { ok } = verifyChain(rewrite(entries.toSpliced(place, 1), place), anchors);
        assert.ok(!ok);
      }),
    ));

  it('L-09d finds and names two swapped events, however they were swapped', () =>
    fc.assert(
      fc.property(anchored, fc.nat(), fc.nat({ max: 3 }), ({ entries, place, anchors }, seed, way) => {
        const index = seed % entries.length;
        const left = at(entries, Math.min(place, index));
        const right = at(entries, Math.max(place, index));
        fc.pre(left !== right && JSON.stringify(left.payload) !== JSON.stringify(right.payload));
        const [newLeft, newRight] = swap(left, right, way);
        const changed = entries.with(left.sequence - 1, newLeft).with(right.sequence - 1, newRight);
        const { findings } = verifyChain(changed, anchors);
        assert.deepEqual(
          findings.map(({ problem, sequence }) => ({ problem, sequence })),
          [{ problem: 'swapped', sequence: left.sequence }],
        );
        assertNames(findings[0]?.message ?? '', newLeft);
        assertNames(findings[0]?.message ?? '', newRight);
      }),
    ));

  it('L-09e finds a cut up to the last anchor and says which events are missing', () =>
    fc.assert(
      fc.property(anchored, ({ entries, place, anchors, highest }) => {
        const kept = entries.slice(0, place);
        const { ok, findings, provenUpTo } = verifyChain(kept, anchors);
        assert.ok(!ok);
        assert.equal(findings.length, 1);
        assert.equal(findings[0]?.problem, 'cut');
        assert.equal(findings[0]?.sequence, place + 1);
        assert.match(findings[0]?.message ?? '', new RegExp(`saw event ${highest}\\b`));
        const last = kept.at(-1);
        if (last) {
          assertNames(findings[0]?.message ?? '', last);
        }
        assert.ok(provenUpTo <= place);
      }),
    ));

  it('L-09e finds a cut after which new events were appended', () => {
    const entries = build(Array.from({ length: 8 }, () => ({ type: 'x', version: 1, payload: 'old' })));
    const cut = [...entries.slice(0, 5)];
    for (let count = 0; count < 4; count += 1) {
      cut.push(
        buildJournalEntry(at(cut, cut.length - 1), { type: 'x', version: 1, payload: 'new' }, 'later'),
      );
    }
    const { findings } = verifyChain(cut, [anchorAt(entries, 3), anchorAt(entries, 7)]);
    assert.equal(findings.length, 1);
    assert.match(findings[0]?.message ?? '', /one of the events 4 to 7 was changed/);
  });

  it('L-09f says which events no anchor proves', () => {
    const entries = build(Array.from({ length: 120 }, () => ({ type: 'x', version: 1, payload: null })));
    const { provenUpTo, message } = verifyChain(entries, [anchorAt(entries, 100), anchorAt(entries, 117)]);
    assert.equal(provenUpTo, 117);
    assert.match(message, /Events 118 to 120 come after the last anchor: a cut there would not be seen/);
    assert.match(verifyChain(entries, [anchorAt(entries, 119)]).message, /Event 120 comes after the last/);
    assert.match(verifyChain(entries, []).message, /Events 1 to 120 come after the last anchor/);
    assert.match(verifyChain(entries, [anchorAt(entries, 120)]).message, /An anchor proves its end/);
  });

  it('L-09f does not claim to see a cut behind the last anchor', () => {
    const entries = build(Array.from({ length: 10 }, () => ({ type: 'x', version: 1, payload: null })));
    assert.ok(verifyChain(entries.slice(0, 8), [anchorAt(entries, 8)]).ok);
  });

  it('L-09f says that one who can write both files can forge both', () => {
    assert.match(verifyChain([], []).message, /could forge both/);
  });

  it('finds several changes at once and names each', () => {
    const entries = build(Array.from({ length: 30 }, (_, payload) => ({ type: 'x', version: 1, payload })));
    const changed = entries
      .with(2, edit(at(entries, 2), 0))
      .toSpliced(9, 2)
      .slice(0, -3);
    const { findings } = verifyChain(changed, [anchorAt(entries, 29)]);
    assert.deepEqual(
      findings.map(({ problem, sequence }) => ({ problem, sequence })),
      [
        { problem: 'edited', sequence: 3 },
        { problem: 'removed', sequence: 10 },
        { problem: 'cut', sequence: 28 },
      ],
    );
  });

  it('begins after what retention took away, and only where an anchor says so', () => {
    const entries = build(Array.from({ length: 10 }, (_, payload) => ({ type: 'x', version: 1, payload })));
    const pruned: JournalAnchor = { ...anchorAt(entries, 4), reason: 'pruned' };
    assert.ok(verifyChain(entries.slice(4), [pruned]).ok);
    assert.equal(verifyChain(entries.slice(4), [pruned]).provenUpTo, 4);
    const more = verifyChain(entries.slice(6), [pruned]);
    assert.match(more.findings[0]?.message ?? '', /Events 5 to 6 were removed/);
    const without = verifyChain(entries.slice(4), [anchorAt(entries, 4)]);
    assert.match(without.findings[0]?.message ?? '', /Events 1 to 4 were removed/);
  });
});

/** Exchanges two events: with their numbers kept in place, whole, by content, or the payloads alone. */
function swap(left: JournalEntry, right: JournalEntry, way: number): readonly [JournalEntry, JournalEntry] {
  switch (way) {
    case 0:
      return [
        { ...right, sequence: left.sequence },
        { ...left, sequence: right.sequence },
      ];
    case 1:
      return [
        { ...right, sequence: left.sequence, previous: left.previous },
        { ...left, sequence: right.sequence, previous: right.previous },
      ];
    case 2:
      return [
        { ...right, sequence: left.sequence, previous: left.previous, hash: left.hash },
        { ...left, sequence: right.sequence, previous: right.previous, hash: right.hash },
      ];
    default:
      return [
        { ...left, payload: right.payload },
        { ...right, payload: left.payload },
      ];
  }
}
