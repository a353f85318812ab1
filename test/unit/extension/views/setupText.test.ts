import assert from 'node:assert/strict';
import type { Result } from '../../../../daemon/protocol/messages.ts';
import type { StoreAction } from '../../../../extension/state/storeState.ts';
import { buildSetupText } from '../../../../extension/views/setupText.ts';
import { anOpenState, aRepository, aStoreState, someWords } from '../../../builders/views.ts';

const words = someWords();

const setup: Result<'setup.show'> = {
  tools: [
    { name: 'helm', path: '/opt/helm', from: 'the setting slipway.tools.helm', version: 'v4.3.1' },
    { name: 'kubectl', from: 'PATH', problem: 'kubectl is in none of the folders of PATH.' },
    { name: 'git', path: '/usr/bin/git', from: 'PATH', version: '2.39.5' },
  ],
  path: '/usr/local/bin:/usr/bin',
  pathFrom: 'the login shell /bin/zsh',
  kubeconfigs: ['/home/sam/.kube/config', '/home/sam/.kube/work'],
  kubeconfigsFrom: 'KUBECONFIG of the login shell /bin/zsh',
  kubeconfigProblems: ['/home/sam/.kube/work: bad indentation'],
  contexts: [
    { name: 'shop-staging', server: 'https://10.0.0.1:6443', user: 'sam', namespace: 'shop', current: true },
    { name: 'shop-live', server: 'https://10.0.0.2:6443', user: 'sam', current: false },
  ],
  proxies: [{ name: 'HTTPS_PROXY', value: 'http://...@proxy.example:3128' }],
  store: {
    path: '/home/sam/.local/state/slipway/store.db',
    bytes: 70_000,
    schemaVersion: 2,
    head: 42,
    anchor: { sequence: 40, time: '2026-11-23T12:00:00.000Z' },
  },
  daemon: { pid: 4711, startedAt: '2026-11-23T09:00:00.000Z', node: 'v24.21.0', program: '/x/daemon.cjs' },
  stateFolder: '/home/sam/.local/state/slipway',
  logFile: '/home/sam/.local/state/slipway/daemon.log',
  notices: ['HELM_DRIVER is "sql", but Slipway reads releases that Helm keeps in Secrets.'],
};

const text = (...actions: readonly StoreAction[]) => buildSetupText(aStoreState(...actions), words);

describe('the text of the setup', () => {
  const whole = buildSetupText(anOpenState(aRepository(), { type: 'setupRead', setup }), words);

  it('P-08h tells the daemon, its host, its person, its program and its log', () => {
    for (const line of [
      '- Version 0.1.0 on vm',
      '- You act as alice',
      '- Process 4711 since 23 Nov 2026, 09:00:00, Node v24.21.0',
      '- Program /x/daemon.cjs',
      '- State folder /home/sam/.local/state/slipway',
      '- Log file /home/sam/.local/state/slipway/daemon.log',
    ]) {
      assert.ok(whole.text.includes(`${line}\n`), line);
    }
  });

  it('P-08h tells each tool with its version and path, where it was chosen from, and what is wrong with it', () => {
    assert.match(
      whole.text,
      /^- helm v4\.3\.1\n {2}\/opt\/helm \(from the setting slipway\.tools\.helm\)\n- kubectl\n {2}PROBLEM: kubectl is in none/m,
    );
  });

  it('P-08h tells PATH and where it came from, kubeconfigs with their contexts, and proxies without passwords', () => {
    assert.match(
      whole.text,
      /^## PATH, from the login shell \/bin\/zsh\n\n- \/usr\/local\/bin\n- \/usr\/bin\n/m,
    );
    assert.match(whole.text, /^## Kubeconfigs, from KUBECONFIG of the login shell/m);
    assert.match(whole.text, /PROBLEM: \/home\/sam\/\.kube\/work: bad indentation/);
    assert.match(
      whole.text,
      /^- shop-staging: https:\/\/10\.0\.0\.1:6443, user sam, namespace shop, current$/m,
    );
    assert.match(whole.text, /^- HTTPS_PROXY: http:\/\/\.\.\.@proxy\.example:3128$/m);
  });

  it('P-08h says of PATH and of the proxies that a change needs the daemon to be restarted', () => {
    const said = 'Read when the daemon started: after a change, run "Slipway: Restart Daemon".';
    assert.ok(whole.text.includes(`/usr/bin\n\n${said}\n`), whole.text);
    assert.ok(whole.text.includes(`@proxy.example:3128\n\n${said}\n`), whole.text);
    const { text: without } = buildSetupText(
      anOpenState(aRepository(), { type: 'setupRead', setup: { ...setup, proxies: [] } }),
      words,
    );
    assert.ok(without.includes(`No proxy is set.\n\n${said}\n`), without);
  });

  it('P-08h tells the store, how far its journal goes and is proven, and how to check it', () => {
    assert.match(whole.text, /^- 69 KiB, schema version 2$/m);
    assert.match(whole.text, /^- Events in the journal: 42$/m);
    assert.match(whole.text, /^- Last anchor, .* outside of it: event 40, 23 Nov 2026, 12:00:00/m);
    assert.match(whole.text, /"Slipway: Verify Journal" checks/);
  });

  it('P-08h has what people should know first, and says which files can be opened', () => {
    assert.match(whole.text, /^# Setup\n\n## What to know\n\n- HELM_DRIVER is "sql"/);
    assert.deepEqual(whole.files, [setup.logFile, ...setup.kubeconfigs]);
    const lines = whole.text.split('\n');
    for (const [section, line] of whole.lines) {
      assert.match(lines[line] ?? '', /^## /, section);
    }
  });

  it('P-09o P-09p P-09q says without a daemon why there is none and what to do', () => {
    const { text: said } = text({
      type: 'daemonChanged',
      daemon: {
        state: 'disconnected',
        code: 'storeTooNew',
        reason: '/x/store.db has version 99; this program knows versions up to 2.',
        next: 'Update Slipway: a newer version has written this store.',
        since: '2026-11-23T14:00:00.000Z',
      },
    });
    assert.match(said, /^- \/x\/store\.db has version 99; .* Update Slipway/m);
    assert.match(said, /There is no connection to a daemon/);
  });

  it('P-09f P-09g tells tools that a promotion needs and that cannot be used', () => {
    const { text: said } = text({
      type: 'toolsChecked',
      problems: [
        { name: 'helm', code: 'toolTooOld', message: 'helm is v3.9.4.', next: 'Install a newer one.' },
      ],
    });
    assert.match(said, /^- helm is v3\.9\.4\. Install a newer one\.$/m);
  });
});
