import { homedir, userInfo } from 'node:os';
import { buildAllowedEnvironment } from './allowedEnvironment.ts';
import { isProgram } from './isProgram.ts';
import { readLoginShell } from './loginShell.ts';

/** What tools are started with, and where it came from. */
export type ToolEnvironment = {
  /** Allowed variables only. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * `starter`: whoever started the daemon, where `SLIPWAY_HOME` is set (sandbox, tests).
   * `loginShell`: the user's login shell. `daemon`: the daemon's own, since the login shell did not answer.
   */
  readonly from: 'starter' | 'loginShell' | 'daemon';
  /** The same for people: "the login shell /bin/zsh". */
  readonly fromText: string;
  /** Sentences people should read in Show Setup. */
  readonly notices: readonly string[];
};

/** What the environment is read from. */
export type ToolEnvironmentOptions = {
  /** The daemon's own environment. */
  readonly own: Readonly<Record<string, string | undefined>>;
  /** The user's login shell; `$SHELL`, else the one of the account, unless said. */
  readonly shell?: string;
  /** 10 s unless said. */
  readonly timeoutMs?: number;
};

/** Reads the environment for tools; a login shell that fails or takes too long is told in a notice. */
export async function readToolEnvironment(options: ToolEnvironmentOptions): Promise<ToolEnvironment> {
  const { own, timeoutMs = 10_000 } = options;
  if (own['SLIPWAY_HOME']) {
    return build(own, 'starter', 'the program that started the daemon (SLIPWAY_HOME is set)');
  }
  const shell = options.shell ?? (own['SHELL'] || readAccountShell());
  if (!isProgram(shell)) {
    return build(
      own,
      'daemon',
      'the daemon itself',
      `The login shell ${shell} is no program that runs here.`,
    );
  }
  try {
    const env = await readLoginShell({ shell, env: withoutOwnNames(own), cwd: homedir(), timeoutMs });
    return build(env, 'loginShell', `the login shell ${shell}`);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return build(own, 'daemon', 'the daemon itself', `The login shell ${shell} gave no environment: ${why}.`);
  }
}

function build(
  env: Readonly<Record<string, string | undefined>>,
  from: ToolEnvironment['from'],
  fromText: string,
  ...notices: readonly string[]
): ToolEnvironment {
  const driver = env['HELM_DRIVER'];
  const driverNotice =
    driver && driver !== 'secret' && driver !== 'secrets'
      ? [`HELM_DRIVER is "${driver}", but Slipway reads and writes releases that Helm keeps in Secrets.`]
      : [];
  return { env: buildAllowedEnvironment(env), from, fromText, notices: [...notices, ...driverNotice] };
}

function readAccountShell(): string {
  try {
    return userInfo().shell || '/bin/sh';
  } catch {
    // A container that runs under a number without an account.
    return '/bin/sh';
  }
}

function withoutOwnNames(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || name.startsWith('SLIPWAY_') ? [] : [[name, value]],
    ),
  );
}
