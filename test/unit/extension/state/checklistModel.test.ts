import assert from 'node:assert/strict';
import { mock } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChecklistView } from '../../../../daemon/protocol/checklist.ts';
import { ChecklistModel } from '../../../../extension/state/checklistModel.ts';
import type { DaemonPort } from '../../../../extension/state/daemonPort.ts';
import { ReleaseStore } from '../../../../extension/state/releaseStore.ts';
import { aChecklistView, aCheckView } from '../../../builders/checklists.ts';
import { anEnvironment, aRelease, aRepository, aRunning } from '../../../builders/views.ts';

const subject = { repositoryId: 'repository', environment: 'production', release: 'v2.1.0' };

/** A daemon that answers when the test lets it. */
class FakeDaemon implements DaemonPort {
  readonly asked: {
    method: string;
    params: unknown;
    answer: (view: ChecklistView) => void;
    refuse: (error: Error) => void;
  }[] = [];
  readonly #listeners = new Map<string, (params: never) => void>();

  request = ((method: string, params: unknown) =>
    new Promise((resolve, reject) => {
      this.asked.push({ method, params, answer: view => resolve(view as never), refuse: reject });
    })) as DaemonPort['request'];

  on = ((name: string, listener: (params: never) => void) => {
    this.#listeners.set(name, listener);
    return () => this.#listeners.delete(name);
  }) as DaemonPort['on'];

  tell(name: string, params: unknown): void {
    this.#listeners.get(name)?.(params as never);
  }

  last() {
    const last = this.asked.at(-1);
    assert.ok(last, 'nothing was asked');
    return last;
  }
}

describe('the checklist that a window shows', () => {
  let daemon: FakeDaemon;
  let store: ReleaseStore;
  let kept: Map<string, unknown>;
  let model: ChecklistModel;

  const build = () =>
    new ChecklistModel({
      daemon,
      store,
      memento: { get: key => kept.get(key), update: async (key, value) => void kept.set(key, value) },
      onError: error => assert.fail(String(error)),
    });

  beforeEach(() => {
    daemon = new FakeDaemon();
    kept = new Map();
    store = new ReleaseStore(error => assert.fail(String(error)));
    const repository = aRepository({
      environments: [anEnvironment(), anEnvironment({ name: 'production' })],
    });
    store.apply({
      type: 'daemonChanged',
      daemon: { state: 'connected', person: 'alice', host: 'vm', version: '1' },
    });
    store.apply({ type: 'foldersChanged', folders: [repository.folder] });
    store.apply({ type: 'folderOpened', folder: repository.folder, repository });
    model = build();
  });
  afterEach(() => model.dispose());

  const settle = () => wait(0);

  it('P-02a asks for what is selected while somebody looks, and shows the answer', async () => {
    model.select(subject);
    assert.equal(daemon.asked.length, 0);
    model.setVisible(true);
    assert.deepEqual([daemon.last().method, daemon.last().params], ['checklist.read', subject]);
    assert.equal(model.state.reading, true);
    daemon.last().answer(aChecklistView());
    await settle();
    assert.equal(model.state.view?.release, 'v2.1.0');
    assert.equal(model.state.reading, false);
  });

  it('P-02a follows the selection, and not while it is pinned, over a reload too', async () => {
    model.setVisible(true);
    model.select(subject);
    model.pin(subject);
    model.select({ ...subject, environment: 'staging' });
    assert.equal(model.state.subject?.environment, 'production');
    model.dispose();
    model = build();
    assert.deepEqual([model.state.pinned, model.state.subject], [true, subject]);
    model.select({ ...subject, environment: 'staging' });
    assert.equal(model.state.subject?.environment, 'production');
    model.pin(undefined);
    assert.equal(model.state.pinned, false);
    assert.equal(model.state.subject?.environment, 'staging');
  });

  it('P-02a stays with what is shown when a promotion makes another release the next one', () => {
    model.select({ repositoryId: 'repository', environment: 'production' });
    assert.equal(model.state.subject?.release, 'v2.1.0');
    const releases = [aRelease({ version: 'v2.2.0' }), aRelease()];
    const environments = [
      anEnvironment(),
      anEnvironment({ name: 'production', running: [aRunning({ version: 'v2.1.0' })] }),
    ];
    store.apply({ type: 'repositoryChanged', repository: aRepository({ environments, releases }) });
    assert.equal(model.state.subject?.release, 'v2.1.0');
    model.select({ repositoryId: 'repository', environment: 'production' });
    assert.equal(model.state.subject?.release, 'v2.2.0');
  });

  it('P-02a lets go of a pin whose release or environment is gone', () => {
    model.pin(subject);
    store.apply({ type: 'repositoryChanged', repository: aRepository({ environments: [anEnvironment()] }) });
    assert.equal(model.state.pinned, false);
    assert.equal(model.state.subject, undefined);
  });

  it('P-02f reads again at once when the daemon says that a check was ticked somewhere', async () => {
    model.setVisible(true);
    model.select(subject);
    daemon.last().answer(aChecklistView());
    await settle();
    daemon.tell('checklist.changed', { repositoryId: 'other', sequence: 2 });
    assert.equal(daemon.asked.length, 1);
    daemon.tell('checklist.changed', { repositoryId: 'repository', sequence: 2 });
    assert.equal(daemon.asked.length, 2);
  });

  it('P-02f does not read again for what changes no gate', async () => {
    model.setVisible(true);
    model.select(subject);
    daemon.last().answer(aChecklistView());
    await settle();
    mock.timers.enable({ apis: ['setTimeout'] });
    try {
      store.apply({ type: 'toolsChecked', problems: [] });
      mock.timers.tick(1_000);
      assert.equal(daemon.asked.length, 1);
      const environments = [anEnvironment(), anEnvironment({ name: 'production' })];
      store.apply({ type: 'repositoryChanged', repository: aRepository({ environments }) });
      assert.equal(daemon.asked.length, 1);
      mock.timers.tick(1_000);
      assert.equal(daemon.asked.length, 2);
    } finally {
      mock.timers.reset();
    }
  });

  it('P-02f asks once more when something changed while an answer was on its way', async () => {
    model.setVisible(true);
    model.select(subject);
    daemon.tell('checklist.changed', { repositoryId: 'repository', sequence: 2 });
    daemon.tell('checklist.changed', { repositoryId: 'repository', sequence: 3 });
    assert.equal(daemon.asked.length, 1);
    daemon.last().answer(aChecklistView());
    await settle();
    assert.equal(daemon.asked.length, 2);
    daemon.last().answer(aChecklistView({ sequence: 3 }));
    await settle();
    assert.equal(daemon.asked.length, 2);
  });

  it('P-02e ticks for the digest that was seen, is busy meanwhile, and does not let an older answer win', async () => {
    model.setVisible(true);
    model.select(subject);
    const read = daemon.last();
    const { digest = 'v1:' as never } = aCheckView();
    const ticked = model.tick({ checkId: 'c-1', digest });
    assert.deepEqual([...model.state.busy], ['c-1']);
    assert.deepEqual(daemon.last().params, { ...subject, checkId: 'c-1', digest });
    daemon.last().answer(aChecklistView({ sequence: 5 }));
    await ticked;
    read.answer(aChecklistView({ sequence: 4 }));
    await settle();
    assert.equal(model.state.view?.sequence, 5);
    assert.equal(model.state.busy.size, 0);
  });

  it('P-02e reads what is so when a tick is refused, and tells whoever ticked', async () => {
    model.setVisible(true);
    model.select(subject);
    daemon.last().answer(aChecklistView());
    await settle();
    const { digest = 'v1:' as never } = aCheckView();
    const ticked = model.tick({ checkId: 'c-1', digest });
    daemon.last().refuse(new Error('It has changed.'));
    await assert.rejects(ticked, /It has changed/);
    assert.equal(daemon.last().method, 'checklist.read');
    assert.equal(model.state.busy.size, 0);
  });

  it('P-02g keeps what was shown beside what went wrong', async () => {
    model.setVisible(true);
    model.select(subject);
    daemon.last().answer(aChecklistView());
    await settle();
    daemon.tell('checklist.changed', { repositoryId: 'repository', sequence: 2 });
    daemon.last().refuse(new Error('The tag was moved.'));
    await settle();
    assert.equal(model.state.problem?.message, 'The tag was moved.');
    assert.equal(model.state.view?.release, 'v2.1.0');
  });

  it('P-02g asks nothing without a connection, and asks when it is back', () => {
    store.apply({ type: 'daemonChanged', daemon: { state: 'reconnecting', reason: '', since: '' } });
    model.setVisible(true);
    model.select(subject);
    assert.equal(daemon.asked.length, 0);
    store.apply({
      type: 'daemonChanged',
      daemon: { state: 'connected', person: 'alice', host: 'vm', version: '1' },
    });
    model.setVisible(true);
    assert.equal(daemon.asked.length, 1);
  });

  describe('of a window that is loaded anew with it on the screen', () => {
    const connected = { state: 'connected', person: 'alice', host: 'vm', version: '1' } as const;
    const repository = aRepository({
      environments: [anEnvironment(), anEnvironment({ name: 'production' })],
    });
    const openFolder = () => {
      store.apply({ type: 'foldersChanged', folders: [repository.folder] });
      store.apply({ type: 'folderOpened', folder: repository.folder, repository });
    };

    beforeEach(() => {
      model.setVisible(true);
      model.keepOpen(true);
      model.pin(subject);
      model.dispose();
      daemon.asked.length = 0;
      store = new ReleaseStore(error => assert.fail(String(error)));
      model = build();
    });

    it('P-02a reads it as soon as there is a connection, before anybody asks for it, and not again then', async () => {
      assert.equal(model.isFollowed, true);
      store.apply({ type: 'daemonChanged', daemon: connected });
      assert.deepEqual([daemon.last().method, daemon.last().params], ['checklist.read', subject]);
      daemon.last().answer(aChecklistView());
      await settle();
      openFolder();
      model.setVisible(true);
      await settle();
      assert.equal(model.state.view?.release, 'v2.1.0');
      assert.equal(daemon.asked.length, 1);
    });

    it('P-02a reads it again each second while the repository is still being opened, and no more then', async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      const answer = async () => {
        daemon.last().answer(aChecklistView());
        await new Promise(setImmediate);
      };
      try {
        store.apply({ type: 'daemonChanged', daemon: connected });
        await answer();
        mock.timers.tick(999);
        assert.equal(daemon.asked.length, 1);
        mock.timers.tick(1);
        assert.equal(daemon.asked.length, 2);
        await answer();
        openFolder();
        mock.timers.tick(1_000);
        const after = daemon.asked.length;
        await answer();
        mock.timers.tick(5_000);
        assert.equal(daemon.asked.length, after);
      } finally {
        mock.timers.reset();
      }
    });

    it('P-02a reads it again each second though one reading fails', async () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        store.apply({ type: 'daemonChanged', daemon: connected });
        daemon.last().answer(aChecklistView());
        await new Promise(setImmediate);
        mock.timers.tick(1_000);
        daemon.last().refuse(new Error('It is not the time.'));
        await new Promise(setImmediate);
        mock.timers.tick(1_000);
        assert.equal(daemon.asked.length, 3);
        assert.equal(model.state.problem, undefined);
      } finally {
        mock.timers.reset();
      }
    });

    it('P-02a asks again once the daemon has opened the repository, and says nothing of that', async () => {
      store.apply({ type: 'daemonChanged', daemon: connected });
      daemon.last().refuse(new Error('The repository is not open.'));
      await settle();
      assert.equal(model.state.problem, undefined);
      assert.equal(daemon.asked.length, 1);
      openFolder();
      assert.equal(daemon.asked.length, 2);
    });

    it('P-02a asks again at once where the repository was opened before the daemon refused', async () => {
      store.apply({ type: 'daemonChanged', daemon: connected });
      const ahead = daemon.last();
      openFolder();
      ahead.refuse(new Error('The repository is not open.'));
      await settle();
      assert.equal(model.state.problem, undefined);
      assert.equal(daemon.asked.length, 2);
    });

    it('P-02a reads nothing where the view was not on the screen', () => {
      model.keepOpen(false);
      model.dispose();
      model = build();
      store.apply({ type: 'daemonChanged', daemon: connected });
      openFolder();
      assert.equal(model.isFollowed, false);
      assert.equal(daemon.asked.length, 0);
    });

    it('P-02a waits for the view no longer than ten seconds', () => {
      mock.timers.enable({ apis: ['setTimeout'] });
      try {
        model.dispose();
        model = build();
        mock.timers.tick(9_999);
        assert.equal(model.isFollowed, true);
        mock.timers.tick(1);
        assert.equal(model.isFollowed, false);
      } finally {
        mock.timers.reset();
      }
      store.apply({ type: 'daemonChanged', daemon: connected });
      assert.equal(daemon.asked.length, 0);
    });
  });
});
