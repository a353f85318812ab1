import assert from 'node:assert/strict';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { LogDeeds } from '../../extension/panels/logDeeds.ts';
import type { LogPanelParts } from '../../extension/panels/logPanelParts.ts';
import { openLogPanel } from '../../extension/panels/openLogPanel.ts';
import { buildWords } from '../../extension/words.ts';
import { buildView, GeneratedLog } from '../builders/generatedLog.ts';
import { send } from './bridgeClient.ts';
import { openExtension, waitUntil } from './extensionUnderTest.ts';

const place = { repositoryId: 'repository', environment: 'staging', workload: 'deployment/agent-name' };
const words = buildWords({ translate: vscode.l10n.t, language: 'en' });

/** The rows of the log that are on the screen. */
async function readRows(): Promise<readonly string[]> {
  return (await send('look/logRows', '')) as readonly string[];
}

async function waitForLast(number: number): Promise<void> {
  await waitUntil(async () => {
    const rows = await readRows();
    assert.ok(rows.at(-1)?.includes(`request ${number} `), `the last row: ${rows.at(-1)}`);
  });
}

describe('the tab of a log in the editor', () => {
  let log: GeneratedLog;
  let parts: LogPanelParts;

  before(async () => {
    const { store, texts } = await openExtension();
    const extension = vscode.extensions.getExtension('slipway.slipway');
    assert.ok(extension);
    log = new GeneratedLog({ total: 1_000_000, view: { data: 'live' } });
    parts = {
      extensionPath: extension.extensionPath,
      daemon: log,
      store,
      texts,
      words,
      onError: error => assert.fail(String(error)),
      confirmSave: async () => true,
    };
  });
  after(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('P-05a opens beside the other editors with the last lines of the log', async () => {
    await openLogPanel(parts, place);
    await waitForLast(999_999);
    const { tabs } = vscode.window.tabGroups.activeTabGroup;
    assert.ok(tabs.some(({ label, isActive }) => label === 'agent-name (staging)' && isActive));
    await send('look/screenshot', 'log-panel');
  });

  it('P-05a shows the tab that is there instead of a second one', async () => {
    const before = log.asked.filter(({ method }) => method === 'log.open').length;
    await openLogPanel(parts, place);
    assert.equal(log.asked.filter(({ method }) => method === 'log.open').length, before);
  });

  it('P-05p has a policy that keeps nothing of its own from it', async () => {
    assert.deepEqual(await send('look/policy', ''), []);
  });

  it('P-05o is filled again when another tab had hidden it', async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'something else' });
    await vscode.window.showTextDocument(document, { preview: false });
    log.change({ total: 1_000_500 });
    await openLogPanel(parts, place);
    await waitForLast(1_000_499);
  });

  it('P-07j never holds up the extension host for 150 ms while a burst of 20 MB passes through it', async () => {
    const delay = monitorEventLoopDelay({ resolution: 5 });
    const longest = watchLongestTurn();
    delay.enable();
    for (let burst = 0; burst < 40; burst += 1) {
      log.change({ total: log.view.total + 4_000 });
      await new Promise(resolve => setTimeout(resolve, 25));
    }
    await waitForLast(log.view.total - 1);
    delay.disable();
    const cpu = longest();
    assert.ok(cpu < 150, `a turn took ${cpu} ms of the processor (${delay.max / 1e6} ms by the clock)`);
  });

  it('P-05m opens a log as a document that can be searched and saved, without colours', async () => {
    const told: string[] = [];
    const deeds = new LogDeeds(parts, { tell: sentence => told.push(sentence) });
    const small = buildView({ total: 300 });
    await deeds.do({ type: 'openDocument', extract: { timestamps: false, sources: false } }, small);
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document, told.join());
    assert.equal(document.languageId, 'log');
    assert.equal(document.lineCount, log.saved.split('\n').length);
    assert.equal(document.getText().includes('\u001b'), false);
    await deeds.do({ type: 'showLine', sequence: 7 }, small);
    assert.equal(vscode.window.activeTextEditor?.document.getText(), 'x'.repeat(1_000_000));
    await deeds.do({ type: 'copy', text: 'a\nb', lines: 2 }, small);
    assert.equal(await vscode.env.clipboard.readText(), 'a\nb');
    assert.equal(told.at(-1), 'Copied 2 lines.');
  });
});

/** Measures the longest that one turn of the event loop has used the processor: other programs must not count. */
function watchLongestTurn(): () => number {
  let longest = 0;
  let before = process.threadCpuUsage();
  let running = true;
  const turn = () => {
    const { user, system } = process.threadCpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
    before = process.threadCpuUsage();
    if (running) {
      setImmediate(turn);
    }
  };
  setImmediate(turn);
  return () => {
    running = false;
    return longest;
  };
}
