import type { ConnectionView, EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { Translate, Words } from '../words.ts';
import { buildHealthWord } from './healthWords.ts';

/** What stands beside an environment's name: what runs, how it is, since when, and what keeps it. */
export function buildEnvironmentParts(environment: EnvironmentView, words: Words): readonly string[] {
  const { t } = words;
  const { connection } = environment;
  const known = isWatched(connection) || environment.running.length > 0;
  return [
    ...(known ? [buildRunningText(environment, t)] : []),
    ...buildDifferences(environment, t),
    ...(connection.state === 'live'
      ? buildHealthParts(environment, words)
      : [buildConnectionText(connection, words)]),
    ...(environment.pendingRevision ? [environment.pendingRevision.status] : []),
    ...(environment.lock ? [buildLockText(environment.lock, t)] : []),
  ];
}

/** `v2.1.0`, or `agent v2.1.0, web v1.3` where components differ; says so when nothing runs. */
export function buildRunningText(environment: EnvironmentView, t: Translate): string {
  const { running } = environment;
  const versions = new Set(running.map(component => component.version ?? component.image ?? ''));
  const [only] = versions;
  if (running.length === 0 || (versions.size === 1 && only === '')) {
    return t('nothing runs');
  }
  return versions.size === 1 && only
    ? only
    : running
        .map(component => `${component.component} ${component.version ?? component.image ?? t('nothing')}`)
        .join(', ');
}

/** True when there is nothing whose health could be told. */
export function isEmpty(environment: EnvironmentView): boolean {
  return (
    environment.workloads.length === 0 &&
    environment.running.every(({ image, version }) => !image && !version)
  );
}

/** True when what is known of the environment came from its cluster, now or before. */
export function isWatched({ state }: ConnectionView): boolean {
  return state === 'live' || state === 'stale';
}

/** Why there is no connection, in two words; the whole sentence is in the row below. */
function buildFailedText(code: string | undefined, t: Translate): string {
  switch (code) {
    case 'loginExpired':
      return t('login expired');
    case 'unknownContext':
      return t('unknown context');
    case 'clusterUnreachable':
      return t('not reachable');
    default:
      return t('no connection');
  }
}

type Lock = NonNullable<EnvironmentView['lock']>;

function buildLockText(lock: Lock, t: Translate): string {
  return lock.needsPersonSince === undefined
    ? t('{0} is being promoted', lock.release)
    : t('{0} needs a person', lock.release);
}

function buildDifferences(environment: EnvironmentView, t: Translate): readonly string[] {
  const { running, lock } = environment;
  // While a promotion runs, Helm's record and the workload differ as they should.
  if (lock && lock.needsPersonSince === undefined) {
    return [];
  }
  const helm = [...new Set(running.flatMap(component => component.helmVersion ?? []))];
  return [
    ...(helm.length > 0 ? [t('Helm says {0}', helm.join(', '))] : []),
    ...(running.some(component => component.outsideSlipway) ? [t('outside Slipway')] : []),
  ];
}

function buildHealthParts(environment: EnvironmentView, words: Words): readonly string[] {
  if (isEmpty(environment)) {
    return [];
  }
  const word = buildHealthWord(environment.health, words.t);
  return [
    environment.healthSince ? words.t('{0} since {1}', word, words.time(environment.healthSince)) : word,
  ];
}

/** How the connection stands, in a few words; the reason is said beside it. */
export function buildConnectionText(connection: ConnectionView, words: Words): string {
  const { t } = words;
  switch (connection.state) {
    case 'notConnected':
      return t('not connected');
    case 'connecting':
      return t('connecting');
    case 'live':
      return t('connected');
    case 'stale':
      return connection.staleSince ? t('stale since {0}', words.time(connection.staleSince)) : t('stale');
    case 'wrongCluster':
      return t('wrong cluster');
    case 'forbidden':
      return t('not allowed to look');
    case 'failed':
      return buildFailedText(connection.code, t);
  }
}
