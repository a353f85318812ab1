import assert from 'node:assert/strict';
import { followSelection } from '../../../../extension/views/followSelection.ts';

type Row = { readonly name: string };
const [first, second]: readonly [Row, Row] = [{ name: 'staging' }, { name: 'production' }];

/** A view as VS Code makes it: what is selected is known by rows, and told once. */
class FakeView {
  selection: readonly Row[] = [];
  #listener: (event: { readonly selection: readonly Row[] }) => void = () => {};

  onDidChangeSelection(listener: (event: { readonly selection: readonly Row[] }) => void) {
    this.#listener = listener;
    return { dispose: () => {} };
  }

  select(...rows: readonly Row[]): void {
    this.selection = rows;
    this.#listener({ selection: rows });
  }
}

describe('what is selected in a tree', () => {
  let view: FakeView;
  let told: string[];
  /** What the timer will call. */
  let due: (() => void)[];
  const wait = () => due.shift()?.();
  let followed: ReturnType<typeof followSelection>;
  beforeEach(() => {
    view = new FakeView();
    told = [];
    due = [];
    followed = followSelection(view, {
      tell: ({ name }) => told.push(name),
      timer: {
        after: (_, callback) => {
          due.push(callback);
          return () => {
            due = due.filter(other => other !== callback);
          };
        },
      },
    });
  });
  afterEach(() => followed.dispose());

  it('P-02a is told as it is selected', () => {
    view.select(first);
    view.select(second);
    view.select(first);
    assert.deepEqual(told, ['staging', 'production', 'staging']);
  });

  it('P-02a is told once rows are there again, where it was told as nothing', () => {
    view.select(first);
    view.select();
    view.selection = [second];
    followed.look();
    followed.look();
    assert.deepEqual(told, ['staging', 'production']);
  });

  it('P-02a is told, too, where the rows are known only after they were given', () => {
    view.select(first);
    view.select();
    followed.look();
    wait();
    view.selection = [second];
    wait();
    assert.deepEqual(told, ['staging', 'production']);
    assert.equal(due.length, 0, 'and then it is not asked for any more');
  });

  it('P-02a is not asked for without end where nothing is selected, nor beside what is told', () => {
    view.select();
    let asks = 0;
    while (due.length > 0) {
      wait();
      asks += 1;
    }
    assert.equal(asks, 20);
    view.select();
    view.select(first);
    assert.equal(due.length, 0);
    assert.deepEqual(told, ['staging']);
  });
});
