import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseProcedure } from '../../../daemon/sources/procedure/parseProcedure.ts';

const read = (name: string) =>
  readFileSync(new URL(`../../../sandbox/kosmos/${name}`, import.meta.url), 'utf8');

describe('the checklist of the sample repository', () => {
  it("P-02h holds the document's eight items, in its words and order, each for people to tick", () => {
    const section = read('docs/deployment-procedures.md')
      .split('## Pre-Deployment Checklist')[1]
      ?.split('\n## ')[0];
    const items = [...(section ?? '').matchAll(/^- \[ \] (.+)$/gm)].map(([, item]) => item);
    const { procedure } = parseProcedure(read('slipway.yaml'));
    const checks = procedure?.environments.find(({ name }) => name === 'production')?.checklist?.checks ?? [];
    assert.equal(items.length, 8);
    assert.deepEqual(
      checks.map(({ text }) => text),
      items,
    );
    assert.ok(checks.every(({ proof }) => proof.kind === 'tick' && proof.people.includes('PERSON')));
  });
});
