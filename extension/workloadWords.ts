import type { WorkloadStatus } from '../daemon/protocol/environment.ts';
import type { Translate } from './words.ts';

/** `updated 2, ready 1, available 1 of 3`. */
export function buildProgressText(workload: WorkloadStatus, t: Translate): string {
  const { updated, ready, available, desired } = workload;
  return t('updated {0}, ready {1}, available {2} of {3}', updated, ready, available, desired);
}
