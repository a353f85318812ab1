import assert from 'node:assert/strict';
import { decideSubject, isPresent, parseSubject } from '../../../../extension/state/checklistSubject.ts';
import {
  anEnvironment,
  anOpenState,
  aPromotion,
  aRelease,
  aRepository,
  aRunning,
} from '../../../builders/views.ts';

const runs = (version: string) => [aRunning({ version })];

const state = anOpenState(
  aRepository({
    environments: [
      anEnvironment({ name: 'development', running: runs('v2.2.0') }),
      anEnvironment({ name: 'staging', after: 'development', running: runs('v2.1.0') }),
      anEnvironment({ name: 'production', after: 'staging', running: runs('v2.0.0') }),
    ],
    releases: [
      aRelease({ version: 'v2.2.0', reach: [{ environment: 'development', state: 'running' }] }),
      aRelease({
        version: 'v2.1.0',
        reach: [
          { environment: 'development', state: 'running' },
          { environment: 'staging', state: 'running' },
        ],
      }),
      aRelease({
        version: 'v2.0.0',
        reach: ['development', 'staging', 'production'].map(environment => ({
          environment,
          state: 'running' as const,
        })),
      }),
    ],
    promotions: [aPromotion()],
  }),
);

const decide = (selected: Parameters<typeof decideSubject>[1]) => {
  const subject = decideSubject(state, selected);
  return subject && `${subject.release} to ${subject.environment}`;
};

describe('what a checklist is about', () => {
  const repositoryId = 'repository';

  it('P-02a is the release and the environment of the selected row', () => {
    assert.equal(
      decide({ repositoryId, release: 'v2.1.0', environment: 'production' }),
      'v2.1.0 to production',
    );
  });

  it('P-02a is the next environment of a selected release', () => {
    assert.equal(decide({ repositoryId, release: 'v2.2.0' }), 'v2.2.0 to staging');
    assert.equal(decide({ repositoryId, release: 'v2.1.0' }), 'v2.1.0 to production');
    assert.equal(decide({ repositoryId, release: 'v2.0.0' }), 'v2.0.0 to production');
  });

  it('P-02a is what the environment before runs for a selected environment, else the newest that is not there', () => {
    assert.equal(decide({ repositoryId, environment: 'production' }), 'v2.1.0 to production');
    assert.equal(decide({ repositoryId, environment: 'staging' }), 'v2.2.0 to staging');
    assert.equal(decide({ repositoryId, environment: 'development' }), 'v2.1.0 to development');
  });

  it('P-02a is what a selected promotion, or one of its steps, brings where', () => {
    assert.equal(decide({ promotionId: 'promotion-1', stepId: 'upgrade' }), 'v2.1.0 to staging');
  });

  it('P-02a is nothing for a row that names neither, or that is gone', () => {
    assert.equal(decide({ repositoryId }), undefined);
    assert.equal(decide({}), undefined);
    assert.equal(decide({ repositoryId: 'other', release: 'v2.1.0' }), undefined);
    assert.equal(decide({ repositoryId, environment: 'gone' }), undefined);
  });

  it('knows when it is gone', () => {
    const subject = { repositoryId, release: 'v2.1.0', environment: 'production' };
    assert.equal(isPresent(state, subject), true);
    assert.equal(isPresent(state, { ...subject, release: 'v9' }), false);
    assert.equal(isPresent(state, { ...subject, environment: 'gone' }), false);
  });

  it('is read from what a window kept only when it is one', () => {
    const subject = { repositoryId, release: 'v2.1.0', environment: 'production' };
    assert.deepEqual(parseSubject({ ...subject, more: 1 }), subject);
    for (const value of [undefined, null, 'text', { ...subject, release: 7 }]) {
      assert.equal(parseSubject(value), undefined);
    }
  });
});
