import { readKubeconfig } from '../../clusters/kubeconfig.ts';
import type { Result } from '../../protocol/messages.ts';
import type { Toolbox } from '../toolbox.ts';

/** What of a setup the tools and their environment decide. */
export type SetupFacts = Omit<Result<'setup.show'>, 'store' | 'daemon' | 'stateFolder' | 'logFile'>;

/** Tells what people need to know when a tool, a kubeconfig or a proxy is not the one they think; contacts nothing. */
export async function describeSetup(toolbox: Toolbox): Promise<SetupFacts> {
  await toolbox.prepare();
  const paths = toolbox.kubeconfigPaths();
  const [tools, kubeconfig] = await Promise.all([
    Promise.all((['helm', 'kubectl', 'git'] as const).map(name => describeTool(toolbox, name))),
    readKubeconfig(paths),
  ]);
  return {
    tools,
    path: toolbox.env['PATH'] ?? '',
    pathFrom: toolbox.pathFrom,
    kubeconfigs: [...paths],
    kubeconfigsFrom: toolbox.kubeconfigsFrom,
    kubeconfigProblems: [...kubeconfig.problems],
    contexts: kubeconfig.contexts.map(context => ({
      ...context,
      server: withoutLogin(context.server),
      current: context.name === kubeconfig.currentContext,
    })),
    proxies: listProxies(toolbox.env),
    notices: [...toolbox.notices],
  };
}

type DescribedTool = SetupFacts['tools'][number];

async function describeTool(toolbox: Toolbox, name: 'helm' | 'kubectl' | 'git'): Promise<DescribedTool> {
  const from = toolbox.fromOf(name);
  let found: { readonly path?: string } = {};
  try {
    found = { path: toolbox.find(name) };
    return { name, ...found, from, version: await toolbox.readVersion(name) };
  } catch (error) {
    return { name, ...found, from, problem: error instanceof Error ? error.message : String(error) };
  }
}

function listProxies(env: Readonly<Record<string, string>>): SetupFacts['proxies'] {
  return Object.entries(env)
    .filter(([name]) => /^(?:https?|no|all)_proxy$/i.test(name))
    .map(([name, value]) => ({ name, value: withoutLogin(value) }));
}

/** An address without the name and the password that may stand in it. */
function withoutLogin(address: string): string {
  return address.replace(/(?<=^(?:[a-z0-9+.-]+:\/\/)?)[^/@\s,]+@/i, '...@');
}
