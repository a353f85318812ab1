import { runTool } from '../process/runTool.ts';
import type { ToolRun } from '../process/toolRun.ts';

/** The user's git: its absolute path and the environment that its children get. */
export type Git = { readonly path: string; readonly env: Readonly<Record<string, string>> };

/** Where a git command runs and how long it may take. */
export type RunGitOptions = {
  /** The folder it runs in. */
  readonly folder: string;
  /** 30 s unless said. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
};

/**
 * Runs a git command and reads its answer: no hooks, no prompts, no pager, no background work, no lock that a person's
 * own git would meet. Throws ToolError like runTool.
 */
export async function runGit<T>(git: Git, run: ToolRun<T>, options: RunGitOptions): Promise<T> {
  return runTool(run, {
    path: git.path,
    env: { ...withoutGitPlaces(git.env), ...quietEnvironment },
    cwd: options.folder,
    timeoutMs: options.timeoutMs ?? 30_000,
    ...(options.signal ? { signal: options.signal } : {}),
  });
}

/** What a run of git needs beside its arguments. */
export type GitRunParts = Pick<ToolRun<unknown>, 'answers' | 'input'> & {
  /** The repository, where git is not to look for it: `.` for the bare one that it runs in. */
  readonly gitFolder?: string;
  /** Settings for this run, as `name=value`. */
  readonly settings?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
};

/** Builds a run of git; `parse` reads what it printed. */
export function buildGitRun<T>(
  args: readonly string[],
  parse: ToolRun<T>['parse'],
  { gitFolder, settings = [], env, ...parts }: GitRunParts = {},
): ToolRun<T> {
  // Settings by the environment, so that what people read of a failed command is its own arguments.
  const pairs = [...quietConfig, ...settings].flatMap((setting, index) => {
    const at = setting.indexOf('=');
    return [
      [`GIT_CONFIG_KEY_${index}`, setting.slice(0, at)],
      [`GIT_CONFIG_VALUE_${index}`, setting.slice(at + 1)],
    ];
  });
  return {
    tool: 'git',
    args,
    parse,
    ...parts,
    env: {
      ...Object.fromEntries(pairs),
      GIT_CONFIG_COUNT: String(pairs.length / 2),
      ...(gitFolder === undefined ? {} : { GIT_DIR: gitFolder }),
      ...env,
    },
  };
}

/** Builds a run in the bare repository that is the folder it runs in. */
export function buildBareRun<T>(
  args: readonly string[],
  parse: ToolRun<T>['parse'],
  parts: GitRunParts = {},
): ToolRun<T> {
  return buildGitRun(args, parse, { gitFolder: '.', ...parts });
}

const quietConfig = [
  'core.hooksPath=/dev/null',
  // Either would start a process that stays.
  'core.fsmonitor=false',
  'maintenance.auto=false',
  'gc.auto=0',
  'core.quotePath=false',
  'i18n.logOutputEncoding=UTF-8',
  'log.showSignature=false',
  'color.ui=false',
];

const quietEnvironment: Readonly<Record<string, string>> = {
  // "git status" would otherwise write a fresher index into the user's .git.
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  SSH_ASKPASS_REQUIRE: 'never',
  GCM_INTERACTIVE: 'never',
  GIT_PAGER: 'cat',
  // A partial clone must not begin to download, and no address may name a program ("ext::").
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: 'file:git:http:https:ssh',
  GIT_NO_REPLACE_OBJECTS: '1',
  LC_ALL: 'C.UTF-8',
  LANGUAGE: '',
};

// Set where Slipway was started from inside a git command (a hook, an alias): they would redirect ours.
const places =
  /^GIT_(?:DIR|WORK_TREE|INDEX_FILE|INDEX_VERSION|OBJECT_DIRECTORY|ALTERNATE_OBJECT_DIRECTORIES|COMMON_DIR|NAMESPACE|PREFIX|CEILING_DIRECTORIES|CONFIG.*|QUARANTINE_PATH|SHALLOW_FILE|TRACE.*)$/;

function withoutGitPlaces(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !places.test(name)));
}
