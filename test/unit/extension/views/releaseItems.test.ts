import assert from 'node:assert/strict';
import { buildComparisonKey } from '../../../../extension/state/storeState.ts';
import {
  buildReleaseItems,
  countFailing,
  listCurrentPromotions,
} from '../../../../extension/views/releaseItems.ts';
import { buildAlarmItems } from '../../../../extension/views/repositoryItems.ts';
import type { ViewItem } from '../../../../extension/views/viewItem.ts';
import { findItem, flattenItems } from '../../../builders/viewItems.ts';
import {
  aCause,
  anEnvironment,
  anOpenState,
  aPod,
  aPromotion,
  aRelease,
  aRepository,
  aRunning,
  aWorkload,
  someWords,
} from '../../../builders/views.ts';

const words = someWords();

function build(...values: Parameters<typeof anOpenState>): readonly ViewItem[] {
  return buildReleaseItems(anOpenState(...values), words);
}

describe('the items of the Releases tree', () => {
  it('P-09v name the file that was meant as the procedure, and open it', () => {
    const misplaced = { path: 'slipway.yml', kind: 'name' } as const;
    const alarms = buildAlarmItems(aRepository({ procedure: 'missing', environments: [], misplaced }), words);
    const item = findItem(alarms, 'slipway.yml is not read: rename it to slipway.yaml');
    assert.equal(item.click, 'slipway.openProcedure');
  });

  it('L-13c show what runs in an environment, its health and since when', () => {
    const item = findItem(build(), 'staging');
    assert.equal(item.description, 'v2.0.0 \u00b7 healthy since 14:02');
    assert.equal(item.accessibilityLabel, 'Environment staging, v2.0.0, healthy since 14:02');
    assert.equal(item.icon?.id, 'pass');
  });

  it('L-13b show Helm’s version beside the image’s when they differ', () => {
    const environments = [anEnvironment({ running: [aRunning({ helmVersion: 'v1.9.0' })] })];
    const items = build(aRepository({ environments }));
    assert.match(
      findItem(items, 'staging').description ?? '',
      /^v2\.0\.0 \u00b7 Helm says v1\.9\.0 \u00b7 healthy/,
    );
    assert.match(findItem(items, 'agent').description ?? '', /Helm says v1\.9\.0/);
  });

  it('L-13d say "outside Slipway"', () => {
    const environments = [anEnvironment({ running: [aRunning({ outsideSlipway: true })] })];
    assert.match(
      findItem(build(aRepository({ environments })), 'staging').description ?? '',
      /outside Slipway/,
    );
  });

  it('say since when what is shown is stale, and why', () => {
    const environments = [
      anEnvironment({
        connection: {
          state: 'stale',
          reason: 'The API server does not answer.',
          staleSince: '2026-11-23T14:20:00.000Z',
        },
      }),
    ];
    const item = findItem(build(aRepository({ environments })), 'staging');
    assert.equal(item.description, 'v2.0.0 \u00b7 stale since 14:20');
    assert.equal(item.icon?.id, 'warning');
    assert.equal(item.children[0]?.label, 'The API server does not answer.');
  });

  it('offer to connect an environment that is not connected', () => {
    const environments = [
      anEnvironment(),
      anEnvironment({
        name: 'production',
        connection: { state: 'notConnected' },
        running: [],
        workloads: [],
      }),
    ];
    const item = findItem(build(aRepository({ environments })), 'production');
    assert.equal(item.description, 'not connected');
    assert.match(item.context, /^environment;notConnected/);
  });

  it('name a release that Helm has left pending, with its repair', () => {
    const pendingRevision = {
      release: 'kosmos',
      namespace: 'kosmos-staging',
      revision: 7,
      status: 'pending-upgrade',
      changedAt: '2026-11-23T13:00:00.000Z',
    };
    const items = build(aRepository({ environments: [anEnvironment({ pendingRevision })] }));
    const row = findItem(items, 'Helm\u2019s release kosmos is pending-upgrade');
    assert.equal(row.context, 'pending');
    assert.equal(row.target.environment, 'staging');
    assert.match(findItem(items, 'staging').context, /pending/);
  });

  it('say whose promotion ended and needs a person, instead of calling it running', () => {
    const lock = {
      promotionId: 'p',
      person: 'bob',
      since: '2026-11-23T14:10:00.000Z',
      release: 'v2.1.0',
      needsPersonSince: '2026-11-23T14:20:00.000Z',
    };
    const items = build(aRepository({ environments: [anEnvironment({ lock })] }));
    assert.match(findItem(items, 'staging').description ?? '', /v2\.1\.0 needs a person/);
    assert.equal(findItem(items, 'bob\u2019s promotion of v2.1.0 needs a person').description, 'since 14:20');
  });

  it('show what people should know of an environment', () => {
    const notices = ['Helm\u2019s record is not shown: sue may not list secrets.'];
    const items = build(aRepository({ environments: [anEnvironment({ notices })] }));
    assert.equal(findItem(items, notices[0] ?? '').icon?.id, 'info');
  });

  it('name who holds the lock and since when', () => {
    const lock = { promotionId: 'p', person: 'bob', since: '2026-11-23T14:10:00.000Z', release: 'v2.1.0' };
    const row = findItem(
      build(aRepository({ environments: [anEnvironment({ lock })] })),
      'bob is promoting v2.1.0',
    );
    assert.equal(row.description, 'since 14:10');
  });

  it('L-15a show the steps of a running promotion on top', () => {
    const items = build(aRepository({ promotions: [aPromotion()] }));
    const [promotion] = items;
    assert.equal(promotion?.label, 'v2.1.0 \u2192 staging');
    assert.equal(promotion?.open, 'expanded');
    assert.deepEqual(
      promotion?.children.map(step => [step.label, step.description, step.icon?.id]),
      [
        ['helm upgrade kosmos', 'running', 'loading~spin'],
        ['helm status kosmos', 'waiting', 'circle-outline'],
      ],
    );
  });

  it('show the progress of workloads and their pods below the step that runs', () => {
    const pods = [
      aPod(),
      aPod({ uid: 'pod-2', name: 'agent-name-new', ready: false, containers: [], phase: 'Pending' }),
    ];
    const workloads = [aWorkload({ updated: 2, ready: 1, available: 1, health: 'progressing', pods })];
    const items = build(
      aRepository({ environments: [anEnvironment({ workloads })], promotions: [aPromotion()] }),
    );
    const step = items[0]?.children[0];
    assert.deepEqual(
      step?.children.map(item => [item.label, item.description]),
      [['agent-name', 'updated 2, ready 1, available 1 of 3']],
    );
    assert.deepEqual(
      step?.children[0]?.children.map(item => [item.label, item.description]),
      [
        ['agent-name-5d9-abcde', 'ready'],
        ['agent-name-new', 'Pending'],
      ],
    );
    assert.match(items[0]?.description ?? '', /1 of 3 ready/);
  });

  it('L-16b show the cause beside the step while it still runs', () => {
    const environments = [anEnvironment({ causes: [aCause()], health: 'fail' })];
    const step = build(aRepository({ environments, promotions: [aPromotion()] }))[0]?.children[0];
    const cause = step?.children[0];
    assert.equal(cause?.label, 'CrashLoopBackOff');
    assert.equal(cause?.open, 'expanded');
    const below = flattenItems(cause?.children ?? []).map(item => item.label);
    assert.deepEqual(below, [
      'back-off 10s restarting failed container',
      'Last lines of agent',
      'FATAL cannot read /etc/agent/config.yaml',
      'exit 1',
      'Warning BackOff: Back-off restarting failed container (x4)',
    ]);
  });

  it('keep a promotion that failed on top until the next one to the same environment', () => {
    const failed = aPromotion({ id: 'failed', state: 'failed' });
    const later = aPromotion({ id: 'later', state: 'succeeded', requestedAt: '2026-11-23T14:29:00.000Z' });
    assert.equal(listCurrentPromotions(aRepository({ promotions: [failed] })).length, 1);
    assert.equal(listCurrentPromotions(aRepository({ promotions: [later, failed] })).length, 0);
  });

  it('show how far a release has got', () => {
    const reach = [
      { environment: 'development', state: 'running' as const },
      { environment: 'staging', state: 'failed' as const },
    ];
    const item = findItem(build(aRepository({ releases: [aRelease({ reach })] })), 'v2.1.0');
    assert.equal(item.description, 'in development \u00b7 failed in staging');
  });

  it('show what changed since the release that runs in each environment', () => {
    const key = buildComparisonKey('repository', 'v2.1.0', anEnvironment());
    const commits = [
      { id: 'e'.repeat(40), author: 'Bob', date: '2026-11-19T09:00:00.000Z', subject: 'Mend it' },
    ];
    const result = { from: 'v2.0.0', direction: 'forward' as const, commits, total: 3 };
    const asking = findItem(build(), 'v2.1.0').children[1];
    assert.equal(asking?.description, 'comparing');
    const release = findItem(
      build(aRepository(), { type: 'compared', key, comparison: { state: 'ready', result } }),
      'v2.1.0',
    );
    assert.equal(release.children[1]?.description, '3 commits since v2.0.0');
    assert.deepEqual(
      release.children[1]?.children.map(item => item.label),
      ['Mend it', 'and 2 more'],
    );
  });

  it('L-12f offer more releases by the hundred, and a search where there are too many', () => {
    const releases = Array.from({ length: 1000 }, (_, index) => aRelease({ version: `v1.${1000 - index}` }));
    const some = build(aRepository({ releases: releases.slice(0, 50), releaseCount: 5000 }));
    const more = findItem(some, 'Show 100 more');
    assert.equal(more.description, '4950 releases are older');
    assert.equal(more.click, 'slipway.showMoreReleases');
    assert.equal(more.target.repositoryId, 'repository');
    const last = findItem(
      build(aRepository({ releases: releases.slice(0, 50), releaseCount: 51 })),
      'Show 1 more',
    );
    assert.equal(last.description, '1 release is older');
    const many = build(aRepository({ releases, releaseCount: 5000 }));
    assert.equal(findItem(many, 'Search the older ones...').click, 'slipway.promoteRelease');
    const all = flattenItems(build(aRepository({ releases: releases.slice(0, 50) })));
    assert.ok(all.every(item => !/^Show |^Search/.test(item.label)));
  });

  it('raise the alarm for a moved tag', () => {
    const items = build(aRepository({ releases: [aRelease({ movedFrom: 'a'.repeat(40) })] }));
    assert.equal(items[0]?.label, 'The tag v2.1.0 was moved');
    assert.match(findItem(items, 'v2.1.0').context, /moved/);
  });

  it('tell a dirty tree and a detached head', () => {
    const head = { commit: 'd'.repeat(40), detached: true, dirty: true };
    const about = findItem(build(aRepository({ head })), 'Repository');
    assert.equal(about.description, 'detached at ddddddd \u00b7 uncommitted changes');
    assert.ok(about.children.some(item => /uncommitted changes/.test(item.label)));
  });

  it('have ids that are unique, and the same for the same things', () => {
    const pods = [aPod(), aPod({ uid: 'pod-2' })];
    const environments = [
      anEnvironment({ workloads: [aWorkload({ pods })], causes: [aCause(), aCause({ pod: 'other' })] }),
      anEnvironment({ name: 'production', workloads: [aWorkload({ pods })] }),
    ];
    const repository = aRepository({
      environments,
      promotions: [aPromotion()],
      releases: [aRelease(), aRelease({ version: 'v2' })],
    });
    const ids = flattenItems(build(repository)).map(item => item.id);
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      flattenItems(build(repository)).map(item => item.id),
      ids,
    );
  });

  it('stand below their repository when the window has several', () => {
    const other = aRepository({ id: 'other', folder: '/work/other', name: 'other' });
    const items = build(
      aRepository(),
      { type: 'foldersChanged', folders: ['/work/kosmos', '/work/other'] },
      { type: 'folderOpened', folder: '/work/other', repository: other },
    );
    assert.deepEqual(
      items.map(item => item.label),
      ['kosmos', 'other'],
    );
    const ids = flattenItems(items).map(item => item.id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('are none while a welcome text speaks', () => {
    const environments = [anEnvironment({ connection: { state: 'notConnected' } })];
    assert.deepEqual(build(aRepository({ environments })), []);
  });

  it('count the environments that fail', () => {
    const environments = [anEnvironment({ health: 'fail' }), anEnvironment({ name: 'production' })];
    assert.equal(countFailing(anOpenState(aRepository({ environments }))), 1);
  });
});
