import { findKubeconfigPaths } from '../clusters/kubeconfig.ts';
import type { Params } from '../protocol/messages.ts';
import { buildVersionRun as buildHelmVersionRun } from '../tools/helm/version.ts';
import { buildVersionRun as buildKubectlVersionRun } from '../tools/kubectl/version.ts';
import { findTool } from '../tools/process/findTool.ts';
import { runTool } from '../tools/process/runTool.ts';
import { readToolEnvironment, type ToolEnvironment } from '../tools/process/toolEnvironment.ts';
import type { ToolRun } from '../tools/process/toolRun.ts';

/** Runs short tools for a plan. */
export type ToolRunner = {
  run<T>(run: ToolRun<T>, options: ShortRun): Promise<T>;
};

/** Where and with what a short tool runs. */
export type ShortRun = {
  readonly cwd: string;
  /** The path of a private kubeconfig file; absent for tools that reach no cluster. */
  readonly kubeconfig?: string;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
};

const shownTools = ['helm', 'kubectl', 'git'] as const;

/** Which tools there are and with which environment they run; found at the first use, which may take seconds. */
export class Toolbox implements ToolRunner {
  readonly #own: Readonly<Record<string, string | undefined>>;
  #settings: Params<'setup.configure'> = { tools: {}, kubeconfig: '' };
  #environment: ToolEnvironment | undefined;
  #reading: Promise<ToolEnvironment> | undefined;

  constructor(own: Readonly<Record<string, string | undefined>>) {
    this.#own = own;
  }

  /** Keeps what the machine's settings say. */
  configure(settings: Params<'setup.configure'>): void {
    this.#settings = settings;
  }

  /** Reads the environment once; needed before the synchronous parts are used. */
  async prepare(): Promise<void> {
    this.#reading ??= readToolEnvironment({ own: this.#own });
    this.#environment = await this.#reading;
  }

  /** The environment for tools; only what was prepared. */
  get env(): Readonly<Record<string, string>> {
    const env = this.#environment?.env ?? {};
    const { kubeconfig } = this.#settings;
    return kubeconfig ? { ...env, KUBECONFIG: kubeconfig } : env;
  }

  /** The absolute path of a tool. Throws `toolMissing`. */
  find(tool: ToolRun<unknown>['tool']): string {
    const setting = this.#settings.tools[tool];
    return findTool(tool, { path: this.env['PATH'], ...(setting ? { setting } : {}) });
  }

  /** The person's kubeconfig files. */
  kubeconfigPaths(): readonly string[] {
    return findKubeconfigPaths({ HOME: this.#own['HOME'], ...this.env });
  }

  /** Runs a short tool that changes nothing. */
  async run<T>(run: ToolRun<T>, options: ShortRun): Promise<T> {
    await this.prepare();
    return runTool(run, {
      path: this.find(run.tool),
      env: { ...this.env, ...(options.kubeconfig === undefined ? {} : { KUBECONFIG: options.kubeconfig }) },
      cwd: options.cwd,
      timeoutMs: options.timeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
    });
  }

  /** What people need to know when a tool is not found, or another one than they think. */
  async describe() {
    await this.prepare();
    const tools = await Promise.all(shownTools.map(name => this.#describeTool(name)));
    return {
      tools,
      path: this.env['PATH'] ?? '',
      pathFrom: this.#environment?.fromText ?? '',
      kubeconfigs: [...this.kubeconfigPaths()],
      notices: [...(this.#environment?.notices ?? [])],
    };
  }

  async #describeTool(name: (typeof shownTools)[number]) {
    try {
      const path = this.find(name);
      const version = await this.#readVersion(name);
      return { name, path, version };
    } catch (error) {
      return { name, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  async #readVersion(name: (typeof shownTools)[number]): Promise<string> {
    const options = { cwd: '/', timeoutMs: 10_000 };
    switch (name) {
      case 'helm':
        return (await this.run(buildHelmVersionRun(), options)).text;
      case 'kubectl':
        return this.run(buildKubectlVersionRun(), options);
      case 'git':
        return this.run(
          {
            tool: 'git',
            args: ['--version'],
            parse: ({ stdout }) => stdout.replace('git version ', '').trim(),
          },
          options,
        );
    }
  }
}
