import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Clones } from '../../../daemon/sources/releases/clones.ts';
import { compareCommits } from '../../../daemon/sources/releases/compare.ts';
import { findRepository } from '../../../daemon/sources/releases/findRepository.ts';
import { listReleases, type SeenTags } from '../../../daemon/sources/releases/listReleases.ts';
import { TestFolder, TestRepository } from './testRepository.ts';

/** Keeps seen tags as the store does: the first commit stays until somebody accepts another. */
function buildSeenTags(): SeenTags & { accept(tag: string, commit: string): void } {
  const seen = new Map<string, string>();
  const list = () => [...seen].map(([tag, commit]) => ({ tag, commit }));
  return {
    list,
    see: tags => {
      for (const { tag, commit } of tags) {
        if (!seen.has(tag)) {
          seen.set(tag, commit);
        }
      }
      return list();
    },
    accept: (tag, commit) => seen.set(tag, commit),
  };
}

describe('the releases of a repository', () => {
  let home: TestFolder;
  let clones: Clones;
  let repository: TestRepository;
  let seen: ReturnType<typeof buildSeenTags>;
  beforeEach(() => {
    home = new TestFolder();
    clones = new Clones({ git: home.git, folder: join(home.path, 'repositories') });
    repository = new TestRepository(home, 'kosmos');
    seen = buildSeenTags();
  });
  afterEach(() => home.dispose());

  const refresh = async () => clones.refresh(await findRepository(home.git, repository.folder), 'origin');
  const list = async (glob = 'v*') => {
    const { clone, origin } = await refresh();
    return listReleases(clone, { glob, seen, withOrigin: origin !== undefined });
  };

  it('L-12a are said to be none where no tag fits the pattern, and nothing is said where there is no tag', async () => {
    repository.commit('First');
    assert.deepEqual((await list()).notices, []);
    repository.git('tag', '1.0.0');
    const only =
      'The only tag, 1.0.0, does not fit releases.tags of slipway.yaml (v*), so there is no release.';
    assert.deepEqual((await list()).notices, [only]);
    repository.git('tag', 'agent/v1.0.0');
    const none =
      'None of the 2 tags, 1.0.0 to agent/v1.0.0, fits releases.tags of slipway.yaml (v*), so there is no release.';
    assert.deepEqual(await list(), { releases: [], notices: [none] });
    assert.deepEqual((await list('1*')).notices, []);
  });

  it('L-12a have commit, author, date and subject, by a tag that is only a name', async () => {
    const commit = repository.commit('Add the queue');
    repository.git('tag', 'v1.0.0');
    const { releases, notices } = await list();
    assert.deepEqual(releases, [
      {
        version: 'v1.0.0',
        tag: 'v1.0.0',
        commit,
        author: 'Alice Author',
        date: '2026-01-02T12:00:00.000Z',
        subject: 'Add the queue',
        origin: 'local',
      },
    ]);
    assert.deepEqual(notices, []);
  });

  it('L-12a have who tagged and when, by an annotated tag, also by a tag of a tag', async () => {
    const commit = repository.commit('Add the queue');
    repository.git('tag', '-a', 'v1.0.0', '-m', 'Release one');
    repository.git('tag', '-a', 'v1.0.1', 'v1.0.0', '-m', 'Release one, again');
    const { releases } = await list();
    assert.deepEqual(
      releases.map(release => [release.version, release.commit, release.author]),
      [
        ['v1.0.1', commit, 'Carl Committer'],
        ['v1.0.0', commit, 'Carl Committer'],
      ],
    );
    assert.equal(releases[1]?.subject, 'Add the queue');
  });

  it('L-12a count when they are only local, only at the origin, or both', async () => {
    repository.commit('First');
    repository.git('tag', 'v1');
    const origin = repository.addOrigin();
    repository.git('tag', 'v2');
    const colleague = new TestRepository(home, 'colleague');
    colleague.git('pull', '--quiet', origin, 'main');
    colleague.git('tag', 'v3');
    colleague.git('push', '--quiet', origin, 'v3');
    const { releases } = await list();
    assert.deepEqual(
      releases.map(release => [release.version, release.origin]),
      [
        ['v3', 'origin'],
        ['v2', 'local'],
        ['v1', 'both'],
      ],
    );
  });

  it('are the tags that fit the glob', async () => {
    repository.commit('First');
    for (const tag of ['v1', 'release-2', 'nightly/v3', 'v4-rc']) {
      repository.git('tag', tag);
    }
    const names = async (glob: string) => (await list(glob)).releases.map(release => release.version);
    assert.deepEqual((await names('v*')).toSorted(), ['v1', 'v4-rc']);
    assert.deepEqual(await names('release-*'), ['release-2']);
    assert.deepEqual(await names('nightly/*'), ['nightly/v3']);
  });

  it('are not the tags behind a "/" where the glob is "*", which is said', async () => {
    repository.commit('First');
    for (const tag of ['v1', 'web/v1', 'web/v2', 'agent/x/v1']) {
      repository.git('tag', tag);
    }
    repository.addOrigin();
    const all = await list('*');
    assert.deepEqual(
      all.releases.map(release => release.version),
      ['v1'],
    );
    assert.deepEqual(all.notices, [
      '3 tags are no releases, since "*" in releases.tags stops at "/": agent/x/v1 to web/v2. "**" takes them too.',
    ]);
    assert.deepEqual((await list('agent/*')).notices, [
      'The tag agent/x/v1 is no release, since "*" in releases.tags stops at "/". "agent/**" takes it too.',
    ]);
    for (const glob of ['**', 'v*', 'web/*', 'agent/**']) {
      assert.deepEqual((await list(glob)).notices, [], glob);
    }
    assert.equal((await list('**')).releases.length, 4);
  });

  it('L-12d raise an alarm when a tag was moved, until a person accepts it', async () => {
    const first = repository.commit('First');
    repository.git('tag', 'v1');
    assert.equal((await list()).releases[0]?.movedFrom, undefined);
    const second = repository.commit('Second');
    repository.git('tag', '--force', 'v1');
    for (const _ of ['at once', 'and again']) {
      const { releases, notices } = await list();
      assert.deepEqual([releases[0]?.commit, releases[0]?.movedFrom], [second, first]);
      assert.match(notices.join('\n'), /The tag v1 was moved from [0-9a-f]{7} to [0-9a-f]{7}/);
    }
    seen.accept('v1', second);
    const { releases, notices } = await list();
    assert.deepEqual([releases[0]?.commit, releases[0]?.movedFrom, notices], [second, undefined, []]);
  });

  it('L-12d raise an alarm when a tag was moved at the origin', async () => {
    const first = repository.commit('First');
    repository.git('tag', 'v1');
    const origin = repository.addOrigin();
    await list();
    const colleague = new TestRepository(home, 'colleague');
    colleague.git('pull', '--quiet', origin, 'main');
    const theirs = colleague.commit('Theirs');
    colleague.git('tag', 'v1');
    colleague.git('push', '--quiet', '--force', origin, 'v1');
    const { releases, notices } = await list();
    assert.deepEqual([releases[0]?.commit, releases[0]?.movedFrom], [theirs, first]);
    assert.equal(notices.length, 2);
  });

  it('L-12d raise an alarm when a tag was deleted and made again elsewhere', async () => {
    const first = repository.commit('First');
    repository.git('tag', 'v1');
    await list();
    repository.git('tag', '-d', 'v1');
    assert.deepEqual((await list()).releases, []);
    repository.commit('Second');
    repository.git('tag', 'v1');
    assert.equal((await list()).releases[0]?.movedFrom, first);
  });

  it("L-12d raise an alarm when the local tag and the origin's differ at first sight, and keep neither", async () => {
    const first = repository.commit('First');
    repository.git('tag', 'v1');
    repository.addOrigin();
    const second = repository.commit('Second');
    repository.git('tag', '--force', 'v1');
    const { releases, notices } = await list();
    assert.deepEqual([releases[0]?.commit, releases[0]?.movedFrom], [first, second]);
    assert.match(notices.join('\n'), /Your tag v1 leads to .* the origin's counts/);
    assert.deepEqual(seen.list(), []);
    seen.accept('v1', first);
    assert.equal((await list()).releases[0]?.movedFrom, undefined);
  });

  it('leave out what cannot be an image tag or leads to no commit, and say so', async () => {
    repository.commit('First');
    repository.git('tag', 'v1');
    repository.git('tag', 'v1,image.tag=evil');
    repository.git('tag', 'vtree', 'HEAD^{tree}');
    const { releases, notices } = await list();
    assert.deepEqual(
      releases.map(release => release.version),
      ['v1'],
    );
    assert.equal(notices.length, 2);
    assert.match(notices.join('\n'), /"v1,image\.tag=evil" is no release/);
    assert.match(notices.join('\n'), /vtree is no release: it leads to no commit/);
  });

  it('show texts without escape codes and line ends', async () => {
    repository.commit('Red \u001b[31malert\u001b[0m \u202egnp.exe');
    repository.git('tag', 'v1');
    assert.equal((await list()).releases[0]?.subject, 'Red alert gnp.exe');
  });

  it('L-12b say what a release brings, newest first', async () => {
    const first = repository.commit('First');
    repository.commit('Second');
    const third = repository.commit('Third');
    const { clone } = await refresh();
    const forward = await compareCommits(clone, { from: first, to: third });
    assert.deepEqual([forward.direction, forward.total], ['forward', 2]);
    assert.deepEqual(
      forward.commits.map(commit => [commit.subject, commit.author, commit.date]),
      [
        ['Third', 'Alice Author', '2026-01-04T12:00:00.000Z'],
        ['Second', 'Alice Author', '2026-01-03T12:00:00.000Z'],
      ],
    );
  });

  it('L-12b say what an older release takes back', async () => {
    const first = repository.commit('First');
    const second = repository.commit('Second');
    const { clone } = await refresh();
    const backward = await compareCommits(clone, { from: second, to: first });
    assert.deepEqual(
      [backward.direction, backward.total, backward.commits.map(commit => commit.id)],
      ['backward', 1, [second]],
    );
  });

  it('L-12b say when one release does not come from the other', async () => {
    repository.commit('First');
    repository.git('checkout', '--quiet', '-b', 'hotfix');
    const hotfix = repository.commit('Hotfix');
    repository.git('checkout', '--quiet', 'main');
    const second = repository.commit('Second');
    const { clone } = await refresh();
    const across = await compareCommits(clone, { from: hotfix, to: second });
    assert.deepEqual(
      [across.direction, across.commits.map(commit => commit.subject)],
      ['unrelated', ['Second']],
    );
    const unknown = await compareCommits(clone, { from: 'f'.repeat(40), to: second });
    assert.deepEqual([unknown.direction, unknown.total], ['unrelated', 0]);
  });

  it('L-12b say the same, the first, and how many there are when the list is cut', async () => {
    const ids = Array.from({ length: 5 }, (_, index) => repository.commit(`Commit ${index}`));
    const [from = '', to = ''] = [ids[0], ids[4]];
    const { clone } = await refresh();
    assert.deepEqual(await compareCommits(clone, { from: to, to }), {
      from: to,
      to,
      direction: 'same',
      commits: [],
      total: 0,
    });
    const first = await compareCommits(clone, { to }, 2);
    assert.deepEqual([first.direction, first.total, first.commits.length], ['first', 5, 2]);
    const cut = await compareCommits(clone, { from, to }, 2);
    assert.deepEqual([cut.direction, cut.total, cut.commits.length], ['forward', 4, 2]);
  });
});
