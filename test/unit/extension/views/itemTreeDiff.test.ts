import assert from 'node:assert/strict';
import { diffItemTrees } from '../../../../extension/views/itemTreeDiff.ts';
import { buildItem, type ViewItem } from '../../../../extension/views/viewItem.ts';

const item = (id: string, description = '', children: readonly ViewItem[] = []) =>
  buildItem({ id, label: id, description, children });

describe('the difference of two trees', () => {
  it('is nothing when nothing changed', () => {
    const tree = () => [item('a', '', [item('b')])];
    assert.deepEqual(diffItemTrees(tree(), tree()), []);
  });

  it('is the one item whose words changed', () => {
    const before = [item('a', '', [item('b', 'old'), item('c')])];
    const after = [item('a', '', [item('b', 'new'), item('c')])];
    assert.deepEqual(diffItemTrees(before, after), ['b']);
  });

  it('is the parent of items that came, went or moved', () => {
    const before = [item('a', '', [item('b'), item('c')]), item('d')];
    assert.deepEqual(diffItemTrees(before, [item('a', '', [item('b')]), item('d')]), ['a']);
    assert.deepEqual(diffItemTrees(before, [item('a', '', [item('c'), item('b')]), item('d')]), ['a']);
  });

  it('names no item below one that is shown anew anyway', () => {
    const before = [item('a', 'old', [item('b', 'old')])];
    const after = [item('a', 'new', [item('b', 'new')])];
    assert.deepEqual(diffItemTrees(before, after), ['a']);
  });

  it('is the whole tree when the outermost items changed', () => {
    assert.equal(diffItemTrees([item('a')], [item('a'), item('b')]), 'root');
  });
});
