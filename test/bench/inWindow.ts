import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSandboxEnvironment } from '../../sandbox/sandboxDaemon.ts';
import type { PromotionBed } from '../cluster/promotionBed.ts';
import { startWorkbench, type Workbench, type WorkbenchOptions } from '../journeys/workbench.ts';
import { unwatchNetwork } from './unwatchNetwork.ts';

/**
 * Measures in a real window of VS Code on the bed's repository, daemon and cluster; `stateDir` is where it logs.
 * `install` puts another extension there instead of Slipway.
 */
export async function inWindow<T>(
  bed: PromotionBed,
  measure: (workbench: Workbench, stateDir: string) => Promise<T>,
  { install }: Pick<WorkbenchOptions, 'install'> = {},
): Promise<T> {
  const stateDir = await mkdtemp(join(tmpdir(), 'slipway-bench-'));
  const { sandbox } = bed.cluster;
  const env = buildSandboxEnvironment({
    home: bed.home,
    kubeconfig: sandbox.kubeconfigPath('alice'),
    toolFolder: sandbox.tools.binDirectory,
  });
  try {
    const workbench = await startWorkbench({
      folder: bed.repositoryFolder,
      stateDir,
      env,
      ...(install ? { install } : {}),
    });
    try {
      await unwatchNetwork(workbench.page);
      return await measure(workbench, stateDir);
    } finally {
      await workbench.close();
    }
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
}
