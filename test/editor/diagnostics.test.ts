import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { send } from './bridgeClient.ts';
import { collectDiagnostics } from './collectDiagnostics.ts';
import { openExtension, waitForState } from './extensionUnderTest.ts';
import { planted } from './plantSecrets.ts';

describe('the diagnostics', () => {
  before(async () => {
    await openExtension();
    await waitForState('the daemon', ({ daemon }) => daemon.state === 'connected');
  });

  it('P-10f P-10g show what is wrong with this machine and this window, and none of its secrets', async () => {
    const log = join(process.env['SLIPWAY_HOME'] ?? '', 'daemon.log');
    for (const secret of Object.values(planted)) {
      appendFileSync(log, `2026-11-25T10:00:00.000Z error the server said ${secret} to bob:${secret}@host\n`);
    }
    const text = await collectDiagnostics(/"trusted": true/);
    for (const secret of Object.values(planted)) {
      assert.ok(!text.includes(secret), `${secret} shows`);
    }
    assert.equal([...text.matchAll(/error the server said \(redacted\)/g)].length, 3);
    for (const needed of [
      /"slipway": "\d+\.\d+\.\d+"/,
      /"trusted": true/,
      /"name": "helm",\s+"path": ".+",\s+"from": ".+",\s+"version": "v4/,
      /"name": "far",\s+"current": false/,
      /"provenUpTo": \d+/,
      /"name": "kosmos"/,
      /## The end of Slipway\.log\s+.*\s+```\n.*daemon: \{"state":"connected"/s,
      /## The end of daemon\.log/,
      /The daemon took out the secrets of its environment and of the kubeconfigs/,
    ]) {
      assert.match(text, needed);
    }
    assert.doesNotMatch(text, /far\.invalid/);
    await send('look/screenshot', 'diagnostics');
  });
});
