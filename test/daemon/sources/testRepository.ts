import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Git } from '../../../daemon/tools/git/runGit.ts';

/** A temporary folder that goes when the test ends. */
export class TestFolder {
  readonly path = realpathSync(mkdtempSync(join(tmpdir(), 'slipway-sources-')));

  /** A git as the daemon gets it, with a home of its own below this folder. */
  readonly git: Git = { path: findGit(), env: buildGitEnvironment(join(this.path, 'home')) };

  constructor() {
    mkdirSync(join(this.path, 'home'));
  }

  dispose(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** A repository that a test drives with the real git, as a person would. */
export class TestRepository {
  readonly folder: string;
  readonly #env: Readonly<Record<string, string>>;
  #commits = 0;

  constructor(home: TestFolder, name: string, init: readonly string[] = []) {
    this.folder = join(home.path, name);
    this.#env = { ...home.git.env };
    mkdirSync(this.folder, { recursive: true });
    this.git('init', '--quiet', '--initial-branch=main', ...init);
  }

  /** Runs git in the repository; answers what it printed. */
  git(...args: readonly string[]): string {
    const date = `2026-01-${String(1 + (this.#commits % 28)).padStart(2, '0')}T12:00:00Z`;
    return execFileSync(findGit(), args, {
      cwd: this.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...this.#env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
    }).trimEnd();
  }

  write(path: string, text: string): void {
    const file = join(this.folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Commits everything with the given files written; answers the commit's id. */
  commit(subject: string, files: Readonly<Record<string, string>> = { 'README.md': subject }): string {
    for (const [path, text] of Object.entries(files)) {
      this.write(path, text);
    }
    this.#commits += 1;
    this.git('add', '--all');
    this.git('commit', '--quiet', '--allow-empty', '-m', subject);
    return this.git('rev-parse', 'HEAD');
  }

  /** Makes a bare origin beside the repository, pushes everything, and answers its folder. */
  addOrigin(): string {
    const origin = `${this.folder}.origin.git`;
    this.git('init', '--quiet', '--bare', '--initial-branch=main', origin);
    this.git('remote', 'add', 'origin', origin);
    this.git('push', '--quiet', 'origin', '--all');
    this.git('push', '--quiet', 'origin', '--tags');
    this.git('fetch', '--quiet', 'origin');
    return origin;
  }
}

/** What a folder is, byte for byte and to the nanosecond: names, contents, modes, times. */
export function readState(folder: string): string {
  const lines: string[] = [];
  const visit = (path: string) => {
    const found = lstatSync(path, { bigint: true });
    const content = found.isFile()
      ? createHash('sha256').update(readFileSync(path)).digest('hex')
      : found.isSymbolicLink()
        ? readlinkSync(path)
        : '';
    lines.push([path, found.mode, found.ino, found.size, found.mtimeNs, found.ctimeNs, content].join(' '));
    if (found.isDirectory()) {
      for (const name of readdirSync(path).toSorted()) {
        visit(join(path, name));
      }
    }
  };
  visit(folder);
  return lines.join('\n');
}

function findGit(): string {
  return execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
}

function buildGitEnvironment(home: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'Alice Author',
    GIT_AUTHOR_EMAIL: 'alice@kosmos.internal',
    GIT_COMMITTER_NAME: 'Carl Committer',
    GIT_COMMITTER_EMAIL: 'carl@kosmos.internal',
  };
}
