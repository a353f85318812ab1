import { stat } from 'node:fs/promises';
import { findKubeconfigPaths } from '../clusters/kubeconfig.ts';
import type { Params } from '../protocol/messages.ts';
import { listSecretValues } from '../protocol/redaction/secretVariables.ts';
import { buildVersionRun as buildGitVersionRun } from '../tools/git/version.ts';
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

/** The tools whose version is known. */
export type VersionedTool = 'helm' | 'kubectl' | 'git';

/** Which tools there are and with which environment they run; found at the first use, which may take seconds. */
export class Toolbox implements ToolRunner {
  readonly #own: Readonly<Record<string, string | undefined>>;
  readonly #versions = new Map<string, Promise<string>>();
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

  /** The values of variables that must never be shown. */
  get secretValues(): readonly string[] {
    return [...listSecretValues(this.#own), ...listSecretValues(this.env)];
  }

  /** Where the environment comes from, for people: "the login shell /bin/zsh". */
  get pathFrom(): string {
    return this.#environment?.fromText ?? '';
  }

  /** What people should know about the environment. */
  get notices(): readonly string[] {
    return this.#environment?.notices ?? [];
  }

  /** What names the kubeconfigs, for people. */
  get kubeconfigsFrom(): string {
    if (this.#settings.kubeconfig) {
      return 'the setting slipway.kubeconfig';
    }
    return this.env['KUBECONFIG'] ? `KUBECONFIG of ${this.pathFrom}` : 'the usual place';
  }

  /** What names a tool's path, for people. */
  fromOf(tool: VersionedTool): string {
    return this.#settings.tools[tool] ? `the setting slipway.tools.${tool}` : 'PATH';
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

  /**
   * The version of a tool, asked for again only when its program has changed. Throws `toolMissing`, and `toolTooOld` for
   * one that Slipway cannot work with.
   */
  async readVersion(tool: VersionedTool): Promise<string> {
    await this.prepare();
    const path = this.find(tool);
    const { mtimeMs, size } = await stat(path);
    const key = JSON.stringify([tool, path, mtimeMs, size]);
    const known = this.#versions.get(key);
    if (known !== undefined) {
      return known;
    }
    const version = this.run(versionRuns[tool](), { cwd: '/', timeoutMs: 10_000 });
    this.#versions.set(key, version);
    // A failure may have been of the moment; an old version is old the next time, too.
    version.catch(() => this.#versions.delete(key));
    return version;
  }
}

const versionRuns: Readonly<Record<VersionedTool, () => ToolRun<string>>> = {
  helm: () => {
    const run = buildHelmVersionRun();
    return { ...run, parse: output => run.parse(output).text };
  },
  kubectl: buildKubectlVersionRun,
  git: buildGitVersionRun,
};
