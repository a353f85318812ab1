import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ClusterError } from './clusterError.ts';
import type { LoginPrompt, LoginPrompts } from './loginPrompts.ts';

/** How a kubeconfig's credential plugin is to be run. */
export type CredentialPluginRun = {
  readonly command: string;
  readonly args: readonly string[];
  /** What is added to the environment that every tool gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Present where a person is there to answer: what the plugin writes reaches a window, and it gets answers. */
  readonly prompt?: LoginPrompt;
};

/** Runs a credential plugin to its end; rejects with what it wrote to stderr when it fails or takes too long. */
export type RunCredentialPlugin = (run: CredentialPluginRun) => Promise<{ readonly stdout: string }>;

/** What a plugin gave. */
export type PluginCredential = {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: string;
  readonly key?: string;
  /** Milliseconds since 1970; absent = until the API server refuses it. */
  readonly expiresAt?: number;
};

/** What `users[].user.exec` of a kubeconfig says. https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/ */
export const execSchema = z.object({
  apiVersion: z.string().default('client.authentication.k8s.io/v1'),
  command: z.string().min(1),
  args: z.nullish(z.array(z.string())),
  env: z.nullish(z.array(z.object({ name: z.string(), value: z.string() }))),
  installHint: z.nullish(z.string()),
  interactiveMode: z.nullish(z.string()),
  provideClusterInfo: z.nullish(z.boolean()),
});

/** What `users[].user.exec` of a kubeconfig says. */
export type ExecEntry = z.infer<typeof execSchema>;

/** What plugins are asked for. */
export type PluginRequest = {
  readonly exec: ExecEntry;
  /** The `spec.cluster` for a plugin that wants it. */
  readonly cluster: Readonly<Record<string, unknown>>;
};

const timeoutMs = 30_000;
/** A token is renewed a little before it ends. */
const earlyMs = 10_000;
const firstPauseMs = 15_000;
const longestPauseMs = 300_000;

/**
 * The credential plugins of every kubeconfig user: each runs once at a time, with a time limit, and is asked again
 * only when its credential has ended; after a failure there is a pause, since some plugins open a browser.
 */
export class CredentialPlugins {
  readonly #run: RunCredentialPlugin;
  readonly #prompts: LoginPrompts | undefined;
  readonly #now: () => number;
  readonly #known = new Map<string, PluginCredential>();
  readonly #running = new Map<string, Promise<PluginCredential>>();
  readonly #failed = new Map<string, { error: unknown; until: number; pauseMs: number }>();

  constructor(options: {
    readonly run: RunCredentialPlugin;
    readonly prompts?: LoginPrompts;
    readonly now?: () => number;
  }) {
    this.#run = options.run;
    this.#prompts = options.prompts;
    this.#now = options.now ?? Date.now;
  }

  /** The plugin's credential; throws `loginExpired` with what the plugin said. */
  async read(request: PluginRequest): Promise<PluginCredential> {
    const key = buildKey(request);
    const known = this.#known.get(key);
    if (known && (known.expiresAt ?? Number.POSITIVE_INFINITY) - earlyMs > this.#now()) {
      return known;
    }
    const failed = this.#failed.get(key);
    if (failed && failed.until > this.#now()) {
      throw failed.error;
    }
    const running = this.#running.get(key) ?? this.#start(key, request);
    return await running;
  }

  /** The API server refused the credential: the plugin is asked anew next time. */
  forget(request: PluginRequest): void {
    this.#known.delete(buildKey(request));
  }

  /** A person has logged in, or wants it tried at once: no pause after failures. */
  endPauses(): void {
    this.#failed.clear();
  }

  #start(key: string, request: PluginRequest): Promise<PluginCredential> {
    const run = this.#execute(key, request).finally(() => this.#running.delete(key));
    this.#running.set(key, run);
    return run;
  }

  async #execute(key: string, { exec, cluster }: PluginRequest): Promise<PluginCredential> {
    const server = String(cluster['server'] ?? '');
    const mayAsk = exec.interactiveMode !== 'Never';
    const prompt = this.#prompts?.begin({ command: exec.command, server, limitMs: timeoutMs, mayAsk });
    const interactive = prompt?.takesAnswers === true;
    try {
      if (exec.interactiveMode === 'Always' && !interactive) {
        throw new Error('it has to ask a person, and no window is open that it could ask');
      }
      const { stdout } = await this.#run({
        command: exec.command,
        args: exec.args ?? [],
        env: buildEnvironment(exec, cluster, interactive),
        timeoutMs,
        ...(prompt ? { prompt } : {}),
      });
      const credential = parseCredential(stdout);
      this.#known.set(key, credential);
      this.#failed.delete(key);
      return credential;
    } catch (error) {
      const pauseMs = Math.min(longestPauseMs, (this.#failed.get(key)?.pauseMs ?? firstPauseMs / 2) * 2);
      const failure = buildFailure(exec, error);
      this.#failed.set(key, { error: failure, until: this.#now() + pauseMs, pauseMs });
      throw failure;
    } finally {
      prompt?.end();
    }
  }
}

const credentialSchema = z.object({
  status: z.object({
    token: z.exactOptional(z.string()),
    clientCertificateData: z.exactOptional(z.string()),
    clientKeyData: z.exactOptional(z.string()),
    expirationTimestamp: z.nullish(z.string()),
  }),
});

function parseCredential(stdout: string): PluginCredential {
  let status: z.infer<typeof credentialSchema>['status'];
  try {
    status = credentialSchema.parse(JSON.parse(stdout)).status;
  } catch (error) {
    // The output may hold a token, so it is not shown.
    throw new Error('what it printed is not an ExecCredential', { cause: error });
  }
  const expiresAt = Date.parse(status.expirationTimestamp ?? '');
  return {
    ...(status.token ? { token: status.token } : {}),
    ...(status.clientCertificateData ? { certificate: status.clientCertificateData } : {}),
    ...(status.clientKeyData ? { key: status.clientKeyData } : {}),
    ...(Number.isNaN(expiresAt) ? {} : { expiresAt }),
  };
}

function buildEnvironment(
  exec: ExecEntry,
  cluster: Readonly<Record<string, unknown>>,
  interactive: boolean,
): Record<string, string> {
  const info = {
    kind: 'ExecCredential',
    apiVersion: exec.apiVersion,
    spec: { interactive, ...(exec.provideClusterInfo ? { cluster } : {}) },
  };
  return {
    ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify(info),
  };
}

function buildFailure(exec: ExecEntry, error: unknown): ClusterError {
  const said = (error instanceof Error ? error.message : String(error))
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 600);
  const hint = exec.installHint ? ` ${exec.installHint.trim()}` : '';
  return new ClusterError('loginExpired', `The credential plugin ${exec.command} failed: ${said}.${hint}`, {
    next: `Log in again with ${exec.command}, or with the tool that your kubeconfig names; Slipway then goes on by itself.`,
    details: { command: exec.command },
    cause: error,
  });
}

function buildKey(request: PluginRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}
