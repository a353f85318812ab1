import { buildVersionRun, type HelmMajor } from '../tools/helm/version.ts';
import type { PlanContext } from './planContext.ts';

/** Asks helm for its major version, where what is planned depends on it. Throws `toolTooOld`. */
export async function readHelmMajor({ tools, signal }: PlanContext): Promise<HelmMajor> {
  const { major } = await tools.run(buildVersionRun(), { cwd: '/', timeoutMs: 10_000, signal });
  return major;
}
