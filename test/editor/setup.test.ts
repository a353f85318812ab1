import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ToolProblem } from '../../daemon/protocol/setup.ts';
import type { ReleaseStore } from '../../extension/state/releaseStore.ts';
import type { StoreAction, StoreState } from '../../extension/state/storeState.ts';
import { anEnvironment, aRepository } from '../builders/views.ts';
import type { TreeRow } from '../journeys/releasesView.ts';
import { send } from './bridgeClient.ts';
import { openExtension, waitForState, waitUntil } from './extensionUnderTest.ts';
import { readMessages } from './windowMessages.ts';

const folder = '/somewhere/kosmos';
const untrusted: RepositoryView['trust'] = {
  state: 'untrusted',
  commandsDigest: 'v1:0',
  commands: [],
  added: [],
  removed: [],
};
const nowhere = anEnvironment({ connection: { state: 'notConnected' }, running: [] });
const helm = (code: ToolProblem['code'], message: string): StoreAction => ({
  type: 'toolsChecked',
  problems: [{ name: 'helm', code, message, next: 'Install it.' }],
});
const open = (repository: RepositoryView): StoreAction[] => [
  { type: 'foldersChanged', folders: [folder] },
  { type: 'folderOpened', folder, repository },
];
const gone = (code: string): StoreAction => ({
  type: 'daemonChanged',
  daemon: {
    state: 'disconnected',
    code,
    reason: 'It is so.',
    next: 'Do this.',
    since: '2026-11-23T14:00:00.000Z',
  },
});
const failed = (code: string): StoreAction => ({
  type: 'folderFailed',
  folder: '/somewhere/else',
  problem: { code, message: 'It is so.', next: 'Do this.', details: {} },
});
const elsewhere: StoreAction = { type: 'foldersChanged', folders: ['/somewhere/else'] };

type Case = {
  readonly name: string;
  readonly actions: readonly StoreAction[];
  readonly says: RegExp;
  readonly buttons: readonly string[];
};

const cases: readonly Case[] = [
  {
    name: 'no folder',
    actions: [{ type: 'foldersChanged', folders: [] }],
    says: /No folder is open/,
    buttons: ['Open Folder'],
  },
  {
    name: 'no repository',
    actions: [elsewhere, failed('noRepository')],
    says: /no git repository/,
    buttons: ['Initialize Repository', 'Look Again'],
  },
  {
    name: 'a partial clone without its remote',
    actions: [elsewhere, failed('partialClone')],
    says: /partial clone: it lacks files.*git fetch --refetch --no-filter --tags/s,
    buttons: ['Look Again'],
  },
  {
    name: 'no git',
    actions: [elsewhere, failed('toolMissing')],
    says: /finds no git/,
    buttons: ['Name Its Path', 'Look Again'],
  },
  {
    name: 'no procedure',
    actions: open(aRepository({ folder, procedure: 'missing', environments: [] })),
    says: /There is no slipway\.yaml/,
    buttons: ['Create Procedure...'],
  },
  {
    name: 'misnamed procedure',
    actions: open(
      aRepository({
        folder,
        procedure: 'missing',
        environments: [],
        misplaced: { path: 'slipway.yml', kind: 'name' },
      }),
    ),
    says: /reads slipway\.yaml only: rename/,
    buttons: ['Show the File'],
  },
  {
    name: 'misplaced procedure',
    actions: open(
      aRepository({
        folder,
        procedure: 'missing',
        environments: [],
        misplaced: { path: 'deploy/slipway.yaml', kind: 'folder' },
      }),
    ),
    says: /in a folder of this repository, but none at its root/,
    buttons: ['Show the File'],
  },
  {
    name: 'invalid procedure',
    actions: open(aRepository({ folder, procedure: 'invalid', environments: [] })),
    says: /slipway\.yaml has errors/,
    buttons: ['Open slipway.yaml', 'Show Problems'],
  },
  {
    name: 'untrusted repository',
    actions: open(aRepository({ folder, trust: untrusted, environments: [nowhere] })),
    says: /may not act for this repository yet/,
    buttons: ['Trust Repository...'],
  },
  {
    name: 'helm missing',
    actions: [
      helm('toolMissing', 'helm is in none of the folders of PATH.'),
      ...open(aRepository({ folder, environments: [nowhere] })),
    ],
    says: /finds no helm/,
    buttons: ['Name Its Path', 'Look Again'],
  },
  {
    name: 'helm too old',
    actions: [
      helm('toolTooOld', 'helm is v3.9.4; Slipway needs 3.15 or later.'),
      ...open(aRepository({ folder, environments: [nowhere] })),
    ],
    says: /is too old: it needs 3\.15 or later/,
    buttons: ['Name Another Path', 'Look Again'],
  },
  {
    name: 'no cluster',
    actions: open(aRepository({ folder, environments: [nowhere] })),
    says: /has not contacted any cluster/,
    buttons: ['Connect Environments...'],
  },
  {
    name: 'newer store',
    actions: [gone('storeTooNew'), elsewhere],
    says: /newer version of Slipway has written the journal/,
    buttons: ['Check for Extension Updates'],
  },
  {
    name: 'store failed',
    actions: [gone('storeFailed'), elsewhere],
    says: /cannot use its journal: the disk may be full, or another program holds the file/,
    buttons: ['Show Setup'],
  },
  {
    name: 'no daemon',
    actions: [gone('daemonNotStarted'), elsewhere],
    says: /daemon does not answer/,
    buttons: ['Show Log', 'Restart Daemon'],
  },
];

describe('the setup in the window', () => {
  let store: ReleaseStore;
  let connected: StoreState;

  before(async () => {
    ({ store } = await openExtension());
    connected = await waitForState('the daemon', ({ daemon }) => daemon.state === 'connected');
  });
  beforeEach(() => restore());
  after(() => restore());

  /** The window as it was: connected, without a problem. */
  async function restore(): Promise<void> {
    if (store.state.daemon !== connected.daemon) {
      // A new connection has its tools checked again: the answer must not come in the middle of a test.
      const checked = new Promise<void>(resolve => {
        const stop = store.onDidChange(changed => {
          if (changed.has('tools')) {
            stop();
            resolve();
          }
        });
      });
      store.apply({ type: 'daemonChanged', daemon: connected.daemon });
      await checked;
    }
    store.apply({ type: 'toolsChecked', problems: [] });
    store.apply({ type: 'loginsListed', logins: [] });
  }

  function show(actions: readonly StoreAction[]): void {
    for (const action of actions) {
      store.apply(action);
    }
  }

  for (const { name, actions, says, buttons } of cases) {
    it(`P-08i leads on where there is ${name}`, async () => {
      show(actions);
      await waitUntil(async () => assert.match(String(await send('look/welcome', '')), says));
      const shown = (await send('look/welcomeButtons', '')) as readonly string[];
      assert.deepEqual(shown, buttons);
      await send('look/screenshot', `welcome-${name.replaceAll(' ', '-')}`);
    });
  }

  it('P-09f P-09m shows above the tree that helm is missing and that a login asks', async () => {
    show([
      helm('toolMissing', 'helm is in none of the folders of PATH.'),
      ...open(aRepository({ folder })),
      {
        type: 'loginAsked',
        login: {
          id: 'login-1',
          command: '/usr/bin/kubelogin',
          server: 'https://10.0.0.1:6443',
          said: 'To sign in, open https://login.example/device\nEnter the code: ',
          asks: true,
          until: '2026-11-23T14:05:00.000Z',
        },
      },
    ]);
    await waitUntil(async () => {
      const labels = ((await send('look/releases', '')) as readonly TreeRow[]).map(({ label }) => label);
      assert.deepEqual(labels.slice(0, 2), [
        'kubelogin asks, to log in to https://10.0.0.1:6443: Enter the code:',
        'helm is in none of the folders of PATH.',
      ]);
    });
    await waitUntil(async () => {
      const notices = await readMessages();
      const notice = notices.find(({ message }) => message.startsWith('kubelogin asks'));
      assert.deepEqual(notice?.buttons, ['Answer...']);
    });
    await send('look/screenshot', 'login-asks');
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('P-09c P-09d P-09e P-09n says below an environment why it is not shown, and what to do', async () => {
    const problem = (
      name: string,
      state: 'failed' | 'wrongCluster' | 'forbidden',
      code: string,
      next: string,
    ) =>
      anEnvironment({
        name,
        running: [],
        connection: { state, context: name, code, reason: `The reason of ${name}.`, next },
      });
    show(
      open(
        aRepository({
          folder,
          environments: [
            problem('unknown', 'failed', 'unknownContext', 'Pick a context.'),
            problem('wrong', 'wrongCluster', 'wrongCluster', 'Pick the right one.'),
            problem('forbidden', 'forbidden', 'forbidden', 'Ask an administrator to let sue list pods.'),
            problem('expired', 'failed', 'loginExpired', 'Log in again.'),
          ],
        }),
      ),
    );
    await waitUntil(async () => {
      const rows = (await send('look/releases', '')) as readonly TreeRow[];
      for (const [label, description] of [
        ['unknown', 'unknown context'],
        ['wrong', 'wrong cluster'],
        ['forbidden', 'not allowed to look'],
        ['expired', 'login expired'],
      ]) {
        const row = rows.find(candidate => candidate.label === label);
        assert.equal(row?.description, description);
        assert.match(row?.icon ?? '', /codicon-warning/);
        assert.ok(
          rows.some(below => below.label === `The reason of ${label}.`),
          JSON.stringify(rows.map(below => below.label)),
        );
      }
    });
    await send('look/screenshot', 'environments-not-shown');
  });

  it('P-08h is a document with commands beside its headings and links on its files', async () => {
    await vscode.commands.executeCommand('slipway.showSetup');
    const document = vscode.window.activeTextEditor?.document;
    assert.equal(document?.uri.scheme, 'slipway-setup');
    assert.equal(document.languageId, 'markdown');
    const text = document.getText();
    for (const heading of ['Daemon', 'Tools', 'PATH, from ', 'Kubeconfigs, from ', 'Proxy', 'Store']) {
      assert.match(text, new RegExp(`^## ${heading}`, 'm'));
    }
    assert.match(text, /^- Version \d+\.\d+\.\d+ on \S+$/m);
    assert.match(text, /^- You act as \S+$/m);
    assert.match(text, /^- git \d+\.\d+/m);
    assert.match(text, /^- Events in the journal: \d+$/m);
    await waitUntil(async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        50,
      );
      const commands = lenses.map(({ command, range }) => [
        command?.command,
        document.lineAt(range.start.line).text.replace(/, from .*/, ''),
      ]);
      assert.deepEqual(commands, [
        ['slipway.showLog', '## Daemon'],
        ['slipway.restartDaemon', '## Daemon'],
        ['slipway.openSettings', '## Tools'],
        ['slipway.showSetup', '## Tools'],
        ['slipway.restartDaemon', '## PATH'],
        ['slipway.openSettings', '## Kubeconfigs'],
        ['slipway.showSetup', '## Kubeconfigs'],
        ['slipway.verifyJournal', '## Store'],
      ]);
    });
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const log = links.find(({ target }) => target?.path.endsWith('daemon.log'));
    assert.ok(log, 'the log file can be opened');
    await vscode.workspace.openTextDocument(vscode.Uri.file(log.target?.fsPath ?? ''));
    await send('look/screenshot', 'setup');
  });

  it('P-08h says without a daemon why there is none, and what to do', async () => {
    await vscode.commands.executeCommand('slipway.showSetup');
    show([gone('storeFailed')]);
    await waitUntil(async () => {
      const text = vscode.window.activeTextEditor?.document.getText() ?? '';
      assert.match(text, /^## What to know\n\n- It is so\. Do this\.$/m);
      assert.match(text, /^- There is no connection to a daemon\.$/m);
    });
  });

  it('P-08f does not overwrite a slipway.yaml that is there', async () => {
    const [real] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(real);
    store.apply({ type: 'foldersChanged', folders: [real.uri.fsPath] });
    const uri = vscode.Uri.joinPath(real.uri, 'slipway.yaml');
    const text = String(await vscode.workspace.fs.readFile(uri));
    // It waits for a button of its message.
    void vscode.commands.executeCommand('slipway.createProcedure');
    await waitUntil(async () => {
      const notices = await readMessages();
      const notice = notices.find(({ message: said }) =>
        /slipway\.yaml is there already; it is not overwritten/.test(said),
      );
      assert.deepEqual(notice?.buttons, ['Open slipway.yaml']);
    });
    assert.equal(String(await vscode.workspace.fs.readFile(uri)), text);
    assert.ok(!vscode.workspace.textDocuments.some(document => document.uri.scheme === 'untitled'));
    await vscode.commands.executeCommand('notifications.clearAll');
  });
});
