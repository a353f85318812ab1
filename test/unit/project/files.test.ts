import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const tracked = spawnSync('git', ['ls-files'], { encoding: 'utf8' }).stdout.split('\n').filter(Boolean);

describe('the files of the project', () => {
  it('L-01e have names that say what they are for', () => {
    const empty = /(^|\/)(utils?|helpers?|common|misc|manager|index)\.m?ts$/;
    assert.deepEqual(
      tracked.filter(file => empty.test(file)),
      [],
    );
  });

  it('L-01c lockfiles hold no download addresses', () => {
    const lockfiles = tracked.filter(file => file.endsWith('package-lock.json'));
    assert.ok(lockfiles.length > 0);
    assert.deepEqual(
      lockfiles.filter(file => readFileSync(file, 'utf8').includes('"resolved": "http')),
      [],
    );
  });

  it('L-01c scripts run on Node 24', () => {
    assert.match(process.version, /^v24\./);
  });

  it('L-01d LICENSE, CHANGELOG and README are there with what a newcomer needs', () => {
    assert.match(readFileSync('LICENSE', 'utf8'), /Apache License\s+Version 2\.0/);
    assert.ok(existsSync('CHANGELOG.md'));
    const readme = readFileSync('README.md', 'utf8');
    for (const heading of ['Glossary', 'Architecture', 'Invariants', 'Where do I add', 'Dependencies']) {
      assert.match(readme, new RegExp(`^##+ .*${heading}`, 'm'), `README.md has no heading "${heading}"`);
    }
  });
});
