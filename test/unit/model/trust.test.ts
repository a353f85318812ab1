import assert from 'node:assert/strict';
import fc from 'fast-check';
import { buildCommandsDigest, decideTrust } from '../../../daemon/model/digests/trust.ts';

const backup = ['./scripts/backup.sh', '--environment', '{environment}'];
const smoke = ['./scripts/smoke.sh'];
const test = ['npm', 'test'];

describe('the trust in a list of commands', () => {
  it('L-11i is missing until a person has given it', () => {
    assert.deepEqual(decideTrust([backup], undefined), {
      state: 'untrusted',
      commandsDigest: buildCommandsDigest([backup]),
      commands: [backup],
      added: [backup],
      removed: [],
    });
  });

  it('L-11i holds for the very list that was trusted', () => {
    const trust = decideTrust([backup, smoke], [backup, smoke]);
    assert.equal(trust.state, 'trusted');
    assert.deepEqual([trust.added, trust.removed], [[], []]);
  });

  it('L-11i asks again when the list has changed, and says what came and went', () => {
    const trust = decideTrust([backup, test], [backup, smoke]);
    assert.equal(trust.state, 'changed');
    assert.deepEqual([trust.added, trust.removed], [[test], [smoke]]);
  });

  it('L-11i asks again when one argument has changed', () => {
    const changed = decideTrust([['./scripts/backup.sh', '--all']], [['./scripts/backup.sh', '--one']]);
    assert.equal(changed.state, 'changed');
    const split = decideTrust([['npm', 'run', 'x']], [['npm', 'run x']]);
    assert.equal(split.state, 'changed');
  });

  it('L-11i does not depend on order or repetition, and tells any two other lists apart', () => {
    const command = fc.array(fc.string({ maxLength: 4 }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 5 }), fc.array(command, { maxLength: 5 }), (left, right) => {
        const set = (list: readonly (readonly string[])[]) => new Set(list.map(item => JSON.stringify(item)));
        const [a, b] = [set(left), set(right)];
        const same = a.size === b.size && [...a].every(item => b.has(item));
        assert.equal(buildCommandsDigest(left) === buildCommandsDigest(right), same);
        assert.equal(buildCommandsDigest([...left, ...left.toReversed()]), buildCommandsDigest(left));
      }),
    );
  });
});
