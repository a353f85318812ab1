import { dirname } from 'node:path';
import { ensureHelm3 } from '../../sandbox/ensureHelm3.ts';
import type { SharedCluster } from './sharedCluster.ts';

/** Builds what a daemon is started with to find a real Helm 3 first, and the cluster's other tools behind it. */
export async function buildHelm3Environment({ sandbox }: SharedCluster): Promise<Record<string, string>> {
  const helm = await ensureHelm3({ onProgress: message => console.log(`    ${message}`) });
  return { PATH: `${dirname(helm)}:${sandbox.tools.binDirectory}:${process.env['PATH']}` };
}
