import assert from 'node:assert/strict';
import { buildDigest } from '../../../../daemon/model/digest.ts';
import type { CheckView } from '../../../../daemon/protocol/checklist.ts';
import {
  describeChecklistChanges,
  followChecklistChanges,
  listChecklistChanges,
} from '../../../../extension/panels/checklistChanges.ts';
import type { ChecklistState } from '../../../../extension/state/checklistState.ts';
import { waitFor } from '../../../../sandbox/waitFor.ts';
import { aChecklistView, aCheckView, aTickedView } from '../../../builders/checklists.ts';
import { someWords } from '../../../builders/views.ts';

const subject = { repositoryId: 'repository', environment: 'production', release: 'v2.1.0' };
const why = 'since then this changed: set: replicas of agent (was 2, is 3)';
const voided = { person: 'alice', at: '2026-11-23T14:20:00.000Z', why };

function aState(checks: readonly CheckView[], values: Partial<ChecklistState> = {}): ChecklistState {
  const view = aChecklistView({ checklist: { name: 'pre-deployment', checks: [...checks] } });
  return { subject, pinned: false, reading: false, busy: new Set(), view, ...values };
}

function describeStates(before: ChecklistState, now: ChecklistState): string | undefined {
  return describeChecklistChanges(listChecklistChanges(before, now), someWords().t);
}

function describeChange(
  before: readonly CheckView[],
  now: readonly CheckView[],
  busy: readonly string[] = [],
): string | undefined {
  return describeStates(aState(before), aState(now, { busy: new Set(busy) }));
}

describe('what is said of a checklist that changes by itself', () => {
  it('P-02j names a tick that was taken back elsewhere, and one that somebody else gave', () => {
    assert.equal(
      describeChange([aTickedView()], [aCheckView()]),
      'Change request approved: the tick was taken back.',
    );
    assert.equal(
      describeChange([aCheckView()], [aTickedView()]),
      'Change request approved: ticked by alice.',
    );
  });

  it('P-02j says why a tick is void', () => {
    assert.equal(
      describeChange([aTickedView()], [aCheckView({ digest: buildDigest('other'), voided })]),
      `Change request approved: the tick is void, ${why}.`,
    );
  });

  it('P-02j calls nothing taken back that nobody can know', () => {
    const { digest: _, ...unknown } = aCheckView({ state: 'unknown', reason: 'Nobody has connected it.' });
    assert.equal(
      describeChange([aTickedView()], [unknown]),
      'Change request approved: Nobody has connected it.',
    );
  });

  it('P-02j sums up several changes in one sentence', () => {
    const ids = ['c-1', 'c-2', 'c-3', 'c-4'];
    const before = ids.map(id => (id === 'c-4' ? aCheckView({ id }) : aTickedView({ id })));
    const now = [
      aCheckView({ id: 'c-1', voided }),
      aCheckView({ id: 'c-2', voided }),
      aCheckView({ id: 'c-3' }),
      aTickedView({ id: 'c-4' }),
    ];
    assert.equal(describeChange(before, now), '4 checks changed: 2 void, 1 taken back, 1 ticked.');
  });

  it('P-02j says nothing of what the person does here, nor of what is the same', () => {
    assert.equal(describeChange([aCheckView()], [aTickedView()], ['c-1']), undefined);
    assert.equal(
      describeStates(aState([aCheckView()], { busy: new Set(['c-1']) }), aState([aTickedView()])),
      undefined,
    );
    assert.equal(
      describeChange([aTickedView()], [aTickedView({ tick: { ...voided, note: 'x' } })]),
      undefined,
    );
    assert.equal(describeChange([aTickedView()], [aCheckView({ id: 'c-7' })]), undefined);
  });

  it('P-02j says nothing when another release is shown, or the first answer comes', () => {
    const before = aState([aTickedView()]);
    const other = aState([aCheckView()], { subject: { ...subject, release: 'v2.2.0' } });
    const { view: _, ...empty } = before;
    assert.equal(describeStates(before, other), undefined);
    assert.equal(describeStates(empty, aState([aCheckView()])), undefined);
  });

  describe('while it is followed', () => {
    const said: string[] = [];
    let tell: (state: ChecklistState) => void = () => {};
    let state = aState([aTickedView(), aTickedView({ id: 'c-2' })]);
    const checklist = {
      get state() {
        return state;
      },
      onDidChange: (listener: (next: ChecklistState) => void) => {
        tell = listener;
        return () => {};
      },
    };
    const take = (...next: Parameters<typeof aState>) => {
      state = aState(...next);
      tell(state);
    };
    const stop = followChecklistChanges(checklist, {
      t: someWords().t,
      say: sentence => said.push(sentence),
    });
    after(stop);

    it('P-02j says a change once, and what comes one after the other together', async () => {
      take([aTickedView(), aTickedView({ id: 'c-2' })], { reading: true });
      take([aCheckView(), aTickedView({ id: 'c-2' })]);
      take([aCheckView(), aTickedView({ id: 'c-2' })], { reading: true });
      take([aCheckView(), aCheckView({ id: 'c-2', voided })]);
      assert.deepEqual(said, []);
      await waitFor('the sentence', async () => said.length > 0, { limitMs: 5000 });
      take([aCheckView(), aCheckView({ id: 'c-2' })]);
      await waitFor('another sentence', async () => said.length > 1, { limitMs: 5000 });
      assert.deepEqual(said, [
        '2 checks changed: 1 void, 1 taken back.',
        'Change request approved: Nobody has ticked it yet.',
      ]);
    });

    it('P-02j says nothing of what has been left for another release meanwhile', async () => {
      take([aTickedView()]);
      take([aTickedView()], { subject: { ...subject, release: 'v2.2.0' } });
      take([aCheckView()], { subject: { ...subject, release: 'v2.2.0' } });
      await waitFor('the sentence', async () => said.length > 2, { limitMs: 5000 });
      assert.deepEqual(said.slice(2), ['Change request approved: the tick was taken back.']);
    });
  });
});
