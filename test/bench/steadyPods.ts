import type { Sandbox } from '../../sandbox/startCluster.ts';
import { openAdminApi } from './adminApi.ts';

/** Lets every healthy pod become ready after the same time, 400 ms: its chance would hide what is measured. */
export async function makePodsSteady(sandbox: Sandbox): Promise<void> {
  const api = await openAdminApi(sandbox);
  try {
    await api.send(
      'PATCH',
      '/apis/kwok.x-k8s.io/v1alpha1/stages/pod-healthy-start',
      { spec: { delay: { durationMilliseconds: 400, jitterDurationMilliseconds: 400 } } },
      'application/merge-patch+json',
    );
  } finally {
    await api.close();
  }
}
