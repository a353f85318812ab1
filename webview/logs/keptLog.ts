import type { LogFilter, LogView } from '../../daemon/protocol/log.ts';
import type { KeptLog, ToLogPage } from '../protocol/logMessages.ts';

/** What an earlier page kept, as far as it is about this log; for the rest what the settings say. */
export function buildKept(
  opened: Extract<ToLogPage, { readonly type: 'opened' }>,
  kept: KeptLog | undefined,
): KeptLog {
  const { log, range, settings } = opened;
  const none = { text: '', regex: false, matchCase: false };
  const isSame = kept?.logId === log.logId;
  const { open = false, pattern = none, found } = kept?.find ?? {};
  return {
    readable: true,
    include: none,
    exclude: none,
    severity: 'none',
    hiddenPods: [],
    hiddenContainers: [],
    openBoxes: [],
    ...settings,
    ...kept,
    // The numbers of another log are of other lines.
    find: { open, pattern, ...(isSame && found !== undefined ? { found } : {}) },
    logId: log.logId,
    repositoryId: log.repositoryId,
    environment: log.environment,
    workload: log.workload,
    range,
    following: isSame ? kept.following : true,
    sequence: isSame ? kept.sequence : 0,
  };
}

/** The filter that the daemon is asked for, with the ids of the sources that are shown; undefined to show everything. */
export function buildFilter(kept: KeptLog, sources: number[] | undefined): LogFilter | undefined {
  const { include, exclude, severity, readable } = kept;
  const filter = {
    ...(include.text === '' ? {} : { include: { ...include, readable } }),
    ...(exclude.text === '' ? {} : { exclude: { ...exclude, readable } }),
    ...(severity === 'none' ? {} : { severity }),
    ...(sources === undefined ? {} : { sources }),
  };
  return Object.keys(filter).length > 0 ? filter : undefined;
}

/**
 * The containers with which the log must be opened anew; undefined where it is enough to filter. That is so unless some
 * are not followed, since there are too many, or the log was opened with a choice of them before.
 */
export function decideContainers(log: LogView, { hiddenContainers, range }: KeptLog): string[] | undefined {
  const shown = log.containers.filter(name => !hiddenContainers.includes(name));
  const isLimited = hiddenContainers.length > 0 && log.sources.some(({ state }) => state === 'failed');
  const before = range.containers ?? log.containers;
  return (isLimited || range.containers) && JSON.stringify(before) !== JSON.stringify(shown)
    ? shown
    : undefined;
}
