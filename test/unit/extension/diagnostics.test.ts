import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { RequestContext } from '../../../daemon/handlers/requestContext.ts';
import { handleSetupRedact } from '../../../daemon/handlers/setupRedact.ts';
import type { Result } from '../../../daemon/protocol/messages.ts';
import { Toolbox } from '../../../daemon/sources/toolbox.ts';
import { buildSetupFacts, buildWindowFacts } from '../../../extension/state/diagnosticFacts.ts';
import { readTail, redactText } from '../../../extension/state/diagnosticFiles.ts';
import { buildDiagnosticsText } from '../../../extension/state/diagnosticsText.ts';
import { aPlan } from '../../builders/plan.ts';
import {
  aCause,
  anEnvironment,
  aPromotion,
  aRelease,
  aRepository,
  aStoreState,
  now,
  someWords,
} from '../../builders/views.ts';

const words = someWords();

describe('diagnostics', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'slipway-diagnostics-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What the daemon answers to `setup.redact` with this environment and this kubeconfig. */
  async function redactByDaemon(text: string, env: Readonly<Record<string, string>>, kubeconfig: unknown) {
    const file = join(folder, 'kubeconfig');
    writeFileSync(file, stringify(kubeconfig));
    const toolbox = new Toolbox({ SLIPWAY_HOME: folder, HOME: folder, KUBECONFIG: file, ...env });
    return (await handleSetupRedact({ toolbox })({ text }, {} as RequestContext)).text;
  }

  it('P-10g hold no secret, wherever it was planted and however it is written', async () => {
    const alphabet = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-.!$%&*"\\ '];
    const secret = fc
      .string({ unit: fc.constantFrom(...alphabet), minLength: 10, maxLength: 60 })
      .filter(text => text.trim() === text && !/^[a-z]+$/.test(text));
    const secrets = fc.record({
      variable: secret,
      own: secret,
      token: secret,
      password: secret,
      plugin: secret,
      provider: secret,
      file: secret,
    });
    // In a log or a message: as it is, in base64, in an address, in JSON, as an argument.
    const writings: readonly ((text: string) => string)[] = [
      text => `said ${text} to the server`,
      text => `data: ${Buffer.from(text).toString('base64')}`,
      text => `GET https://host/?x=${encodeURIComponent(text)} 401`,
      text => JSON.stringify({ note: text }),
      text => `ran helm with ${text}`,
    ];
    await fc.assert(
      fc.asyncProperty(secrets, fc.constantFrom(...writings), async (planted, write) => {
        mkdirSync(folder, { recursive: true });
        const tokenFile = join(folder, 'token');
        writeFileSync(tokenFile, `${planted.file}\n`);
        const values = Object.values(planted);
        const state = aStoreState(
          {
            type: 'daemonChanged',
            daemon: {
              state: 'disconnected',
              code: 'internal',
              reason: write(planted.own),
              next: '',
              since: now,
            },
          },
          { type: 'foldersChanged', folders: ['/somewhere/kosmos'] },
          {
            type: 'folderOpened',
            folder: '/somewhere/kosmos',
            repository: aRepository({
              notices: values.map(write),
              environments: [
                anEnvironment({
                  connection: { state: 'failed', reason: write(planted.token) },
                  notices: [write(planted.plugin)],
                }),
              ],
            }),
          },
        );
        const text = buildDiagnosticsText(
          [
            { title: 'What the window knows', facts: buildWindowFacts(state) },
            { title: 'Log', log: { path: '/x/daemon.log', text: values.map(write).join('\n') } },
          ],
          { words, now, daemonRedacted: true },
        );
        const users = [
          { token: planted.token, tokenFile: 'token' },
          { username: 'bob', password: planted.password },
          {
            exec: {
              apiVersion: 'v1',
              command: 'login',
              env: [{ name: 'CLIENT_SECRET', value: planted.plugin }],
            },
          },
          { 'auth-provider': { name: 'oidc', config: { 'refresh-token': planted.provider } } },
        ];
        const kubeconfig = { users: users.map((user, index) => ({ name: `user ${index}`, user })) };
        const redacted = await redactByDaemon(text, { AWS_SECRET_ACCESS_KEY: planted.variable }, kubeconfig);
        const shown = redactText(redacted, { WINDOW_TOKEN: planted.own });
        for (const [place, value] of Object.entries(planted)) {
          for (const form of [value, Buffer.from(value).toString('base64'), encodeURIComponent(value)]) {
            assert.ok(!shown.includes(form), `the secret ${place} shows as ${form}`);
          }
        }
        assert.match(shown, /^# Diagnostics of Slipway$/m);
      }),
      { numRuns: 60 },
    );
  });

  it('P-10g hold no secret that nobody knows but its form tells, also without a daemon', () => {
    const log = [
      'cloning https://bob:hunter2hunter2@git.example/x.git failed',
      'proxy http://ada:hunter2hunter2@proxy:3128',
      'Authorization: Bearer hunter2hunter2hunter2',
      'client-key-data: hunter2hunter2',
      `client-certificate-data: ${Buffer.from('-----BEGIN CERTIFICATE-----\nhunter2hunter2hunter2').toString('base64')}`,
      '-----BEGIN RSA PRIVATE KEY-----\nhunter2hunter2\n-----END RSA PRIVATE KEY-----',
      'argv: ["helm","registry","login","--password","hunter2hunter2"]',
      'FLYWAY_PASSWORD=hunter2hunter2',
    ].join('\n');
    const text = buildDiagnosticsText([{ title: 'Log', log: { path: '/x/daemon.log', text: log } }], {
      words,
      now,
      daemonRedacted: false,
    });
    const shown = redactText(text, {});
    assert.doesNotMatch(shown, /hunter2/);
    assert.doesNotMatch(shown, new RegExp(Buffer.from('hunter2hunter2').toString('base64').slice(4, 14)));
    assert.match(
      shown,
      /No daemon answered: the secrets of the kubeconfigs were looked for by their form only/,
    );
  });

  it('P-10f hold nothing that tools printed, pods logged, people wrote, or clusters are reached by', () => {
    const private_ = 'PRIVATE';
    const state = aStoreState(
      { type: 'foldersChanged', folders: [`/home/${private_}/kosmos`] },
      {
        type: 'folderOpened',
        folder: `/home/${private_}/kosmos`,
        repository: aRepository({
          folder: `/home/${private_}/kosmos`,
          environments: [
            anEnvironment({
              causes: [
                aCause({ logLines: [private_], events: [private_], message: private_, pod: private_ }),
              ],
            }),
          ],
          releases: [aRelease({ subject: private_, author: private_ })],
          promotions: [aPromotion({ plan: aPlan(), reason: private_, person: private_, host: private_ })],
        }),
      },
    );
    const facts = JSON.stringify(buildWindowFacts(state));
    assert.doesNotMatch(facts, /PRIVATE/);
    for (const needed of ['staging', 'CrashLoopBackOff', 'v2.1.0', 'trusted', '"state":"running"']) {
      assert.ok(facts.includes(needed), `${needed} is missing in ${facts}`);
    }
    assert.doesNotMatch(facts, /helm upgrade|--set/);
    const setup = JSON.stringify(
      buildSetupFacts({
        contexts: [{ name: 'kosmos', server: `https://${private_}:6443`, user: private_, current: true }],
        tools: [{ name: 'helm', version: 'v4.3.1', path: '/bin/helm' }],
      } as unknown as Result<'setup.show'>),
    );
    assert.doesNotMatch(setup, /PRIVATE/);
    assert.match(setup, /v4\.3\.1/);
    assert.match(setup, /kosmos/);
  });

  it('P-10g do not hold what only the window knows, as the token of its daemon', () => {
    assert.equal(redactText('asked with k3-Jt_9', {}, ['k3-Jt_9']), 'asked with (redacted)');
  });

  it('P-10f name the folder of the person as ~', () => {
    assert.equal(redactText(`log ${homedir()}/.local/state/slipway`, {}), 'log ~/.local/state/slipway');
  });

  it('P-10f take the end of a log from the beginning of a line on, and do without a log that is not there', async () => {
    const file = join(folder, 'daemon.log');
    writeFileSync(file, Array.from({ length: 20_000 }, (_, index) => `line ${index} of the log\n`).join(''));
    const { text } = await readTail(file);
    assert.ok(text.length <= 128 * 1024 && text.length > 127 * 1024);
    assert.match(text, /^line \d+ of the log\n/);
    assert.match(text, /line 19999 of the log\n$/);
    assert.equal((await readTail(join(folder, 'nothing.log'))).text, '');
  });

  it('P-10f are read as they are: no log can end its own part of the document', () => {
    const text = buildDiagnosticsText(
      [{ title: 'Log', log: { path: '/x', text: 'a\n````\n# Versions\n```\nb' } }],
      { words, now, daemonRedacted: true },
    );
    const fences = [...text.matchAll(/^`{5}$/gm)];
    assert.equal(fences.length, 2);
  });
});
