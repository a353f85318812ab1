import assert from 'node:assert/strict';
import { measureLogPage } from './logPageFigures.ts';

describe('the bench of the page of a log', () => {
  it('P-13g measures the memory of the page and its tasks, with a million lines', async function () {
    this.timeout(300_000);
    const figures = await measureLogPage({ lines: 1_000_000 });
    const aimed = figures.filter(({ aim }) => aim !== undefined);
    assert.equal(aimed.length, 2);
    for (const { what, value, unit, aim = 0 } of aimed) {
      assert.ok(value > 0 && value <= aim, `${what}: ${value} ${unit}`);
    }
  });
});
