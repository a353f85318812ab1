import assert from 'node:assert/strict';
import { buildFailureActions } from '../../../../extension/commands/failureActions.ts';
import { buildChecklistPage } from '../../../../extension/panels/checklistPage.ts';
import type { ChecklistPageInput } from '../../../../extension/panels/checklistPageInput.ts';
import { fillIn } from '../../../../extension/words.ts';
import { checklistProtocol } from '../../../../webview/protocol/checklistProtocol.ts';
import { aChecklistGate, aChecklistView, anOrderGate } from '../../../builders/checklists.ts';
import { anEnvironment, anOpenState, aRepository, aStoreState, someWords } from '../../../builders/views.ts';

const subject = { repositoryId: 'repository', environment: 'production', release: 'v2.1.0' };
const production = anEnvironment({ name: 'production', after: 'staging' });

function build(
  values: Partial<ChecklistPageInput> = {},
  checklist: Partial<ChecklistPageInput['checklist']> = {},
) {
  const built = buildChecklistPage({
    checklist: {
      subject,
      pinned: false,
      reading: false,
      busy: new Set(),
      view: aChecklistView(),
      ...checklist,
    },
    store: anOpenState(aRepository({ environments: [anEnvironment(), production] })),
    isTrusted: true,
    words: someWords(),
    failureActions: code => buildFailureActions(code, fillIn),
    ...values,
  });
  assert.ok(checklistProtocol.toPage.safeParse({ type: 'show', page: built.page }).success);
  return { ...built, commands: built.page.actions.map(({ id }) => built.actions.get(id)) };
}

const pass = { state: 'pass' } as const;

describe('the page of the checklist as the extension builds it', () => {
  it('P-09v names the file that was meant as the procedure, and what to do with it', () => {
    const misplaced = { path: 'deploy/slipway.yaml', kind: 'folder' } as const;
    const repository = aRepository({ procedure: 'missing', environments: [], misplaced });
    const { page, commands } = build({ store: anOpenState(repository) }, { subject: undefined as never });
    assert.deepEqual(page.notices, [
      'There is no slipway.yaml at the root of this repository; there is deploy/slipway.yaml, which Slipway does not read. Move it to the root, as slipway.yaml; its paths count from there.',
    ]);
    assert.deepEqual(
      commands.map(action => action?.command),
      ['slipway.openProcedure', 'slipway.refreshReleases'],
    );
  });

  it('P-09w says why a folder cannot be read, with the command that mends it', () => {
    const problem = {
      code: 'partialClone',
      message: '/work/kosmos is a partial clone.',
      next: 'Run: git fetch.',
      details: {},
    };
    const store = aStoreState(
      {
        type: 'daemonChanged',
        daemon: { state: 'connected', person: 'alice', host: 'vm', version: '0.1.0' },
      },
      { type: 'foldersChanged', folders: ['/work/kosmos'] },
      { type: 'folderFailed', folder: '/work/kosmos', problem },
    );
    const { page, commands } = build({ store }, { subject: undefined as never });
    assert.deepEqual(page.notices, ['/work/kosmos is a partial clone. Run: git fetch.']);
    assert.deepEqual(
      commands.map(action => action?.command),
      ['slipway.refreshReleases', 'slipway.showLog'],
    );
  });

  it('P-02b shows gates that are known before the repository is read, and nothing while neither is', () => {
    const store = aStoreState(
      {
        type: 'daemonChanged',
        daemon: { state: 'connected', person: 'alice', host: 'vm', version: '0.1.0' },
      },
      { type: 'foldersChanged', folders: ['/work/kosmos'] },
    );
    const { page } = build({ store });
    assert.equal(page.busy, undefined);
    assert.equal(page.gates?.items.length, aChecklistView().gates.length);
    const { page: before } = build({ store }, { view: undefined as never });
    assert.equal(before.busy, 'Slipway is reading the repository');
    assert.equal(before.gates, undefined);
  });

  it('P-02a leads on to what holds first: staging, before anything else', () => {
    const { commands, page } = build();
    assert.equal(page.title, 'v2.1.0 to production');
    assert.deepEqual(commands, [
      {
        title: 'Promote v2.1.0 to staging...',
        command: 'slipway.promoteRelease',
        argument: { repositoryId: 'repository', release: 'v2.1.0', environment: 'staging' },
      },
    ]);
  });

  it('P-02a leads on to the promotion itself when nothing holds', () => {
    const view = aChecklistView({ gates: [anOrderGate(pass), aChecklistGate(pass)] });
    const { commands, page } = build({}, { view });
    assert.equal(page.summary, 'Nothing holds v2.1.0 back from production.');
    assert.equal(commands[0]?.title, 'Promote v2.1.0 to production...');
  });

  it('P-02a offers no button for the checklist, which is there already', () => {
    const view = aChecklistView({ gates: [anOrderGate(pass), aChecklistGate()] });
    const { commands, page } = build({}, { view });
    assert.deepEqual(commands, []);
    assert.equal(page.summary, '1 of 2 gates holds it.');
    assert.equal(page.gates?.items[1]?.reason, '4 checks below are open.');
  });

  it('P-02a leads on to each thing a gate names', () => {
    const { commands } = build(
      {},
      {
        view: aChecklistView({
          gates: [anOrderGate({ kind: 'lock', action: { command: 'showTimeline', promotionId: 'p-1' } })],
        }),
      },
    );
    assert.deepEqual(commands[0]?.argument, { repositoryId: 'repository', promotionId: 'p-1' });
    const unavailable = aChecklistView({
      gates: [anOrderGate({ kind: 'approvals', action: { command: 'openProcedure' } })],
    });
    assert.equal(build({}, { view: unavailable }).commands[0]?.command, 'slipway.openProcedure');
  });

  it('P-02g says when the environment is not connected, and connects first', () => {
    const environments = [anEnvironment(), { ...production, connection: { state: 'notConnected' as const } }];
    const { commands, page } = build({ store: anOpenState(aRepository({ environments })) });
    assert.match(page.notices.join(), /production is not connected/);
    assert.deepEqual(
      commands.map(action => action?.title),
      ['Connect production...', 'Promote v2.1.0 to staging...'],
    );
  });

  it('P-02g says since when a cluster has not answered', () => {
    const connection = {
      state: 'stale' as const,
      staleSince: '2026-11-23T14:02:00.000Z',
      reason: 'No answer.',
    };
    const store = anOpenState(aRepository({ environments: [{ ...production, connection }] }));
    assert.deepEqual(build({ store }).page.notices, ['production is stale since 14:02: No answer.']);
  });

  it('P-02g says since when there is no connection to the daemon', () => {
    const store = anOpenState(aRepository({ environments: [production] }), {
      type: 'daemonChanged',
      daemon: { state: 'reconnecting', reason: 'It ended.', since: '2026-11-23T14:12:00.000Z' },
    });
    assert.match(
      build({ store }).page.notices.join(),
      /No connection to Slipway\u2019s daemon: what you see is as of 14:12/,
    );
  });

  it('P-02g asks for trust before anything else', () => {
    const trust = { ...aRepository().trust, state: 'untrusted' as const };
    const { commands, page } = build({
      store: anOpenState(aRepository({ environments: [production], trust })),
    });
    assert.equal(commands[0]?.command, 'slipway.trustRepository');
    assert.equal(page.gates, undefined);
    assert.equal(build({ isTrusted: false }).commands[0]?.command, 'workbench.trust.manage');
  });

  it('P-02g says what went wrong, with what to do next as a button', () => {
    const problem = {
      code: 'movedTag',
      message: 'The tag v2.1.0 was moved.',
      next: 'Find out who.',
      details: {},
    };
    const { commands, page } = build({}, { problem });
    assert.deepEqual(page.notices, ['The tag v2.1.0 was moved. Find out who.']);
    assert.equal(commands[0]?.command, 'slipway.acceptMovedTag');
  });

  it('P-02c says of a void tick by whom it was, and which part changed', () => {
    const item = build().page.checks?.items.find(({ id }) => id === 'c-2');
    assert.equal(item?.stateText, 'void');
    assert.equal(
      item?.lines[0],
      'Ticked by dana, 13:20, and void: since then this changed: set: replicas of agent (was 2, is 3).',
    );
    assert.equal(item?.note, 'Note: restore of last night');
  });

  it('P-01d names what ticks are for', () => {
    const { lines = [] } = build().page.digests ?? {};
    assert.ok(lines.includes('Image kosmos/agent:v2.1.0'));
    assert.ok(lines.includes('Values values-production.yaml'));
    assert.ok(lines.includes('set: replicas of agent: 3'));
    assert.match(lines.join(), /Plan [0-9a-f]{12}/);
  });

  it('P-04b gives the page ids instead of commands, and stands by what an id meant', () => {
    const { page, actions } = build();
    assert.ok([...actions.keys()].length > 0);
    const later = build({}, { view: aChecklistView({ gates: [] }) });
    // What was offered and is not any more cannot be pressed.
    assert.equal(later.actions.get(page.actions[0]?.id ?? ''), undefined);
  });
});
