import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { AdoptOptions } from '../../../daemon/tools/process/adoptSpooledTool.ts';
import { listSpoolProcesses } from '../../../daemon/tools/process/processTable.ts';
import type { SpooledToolOptions } from '../../../daemon/tools/process/spooledTool.ts';
import { until } from './until.ts';

/** A folder with scripts that stand for tools, and the processes of one test; ends all of them. */
export class SpoolBench {
  readonly folder = mkdtempSync(join(tmpdir(), 'slipway-spool-'));
  readonly spool = join(this.folder, 'spools', 'step.log');
  readonly #children: ChildProcess[] = [];

  /** Options for a script that stands for a tool. */
  options(script: string, values: Partial<SpooledToolOptions> = {}): SpooledToolOptions {
    const path = join(this.folder, 'tool');
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o700);
    return {
      tool: 'helm',
      path,
      args: [],
      env: { PATH: '/usr/bin:/bin' },
      cwd: this.folder,
      spool: this.spool,
      timeoutSeconds: 60,
      neverKill: false,
      graceMs: 500,
      ...values,
    };
  }

  /** Options to adopt the tool. */
  adoption(values: Partial<AdoptOptions> = {}): AdoptOptions {
    return { spool: this.spool, timeoutSeconds: 60, neverKill: false, graceMs: 500, ...values };
  }

  /** Starts a tool from a process of its own, as a daemon does. */
  startParent(options: SpooledToolOptions, env: Record<string, string> = {}): ChildProcess {
    return this.#run('spoolParent.ts', options, env);
  }

  /** Adopts the tool from a process of its own; resolves with the lines it said. */
  async adoptElsewhere(lines: string[] = []): Promise<readonly string[]> {
    const child = this.#run('spoolAdopter.ts', this.adoption(), {});
    const reader = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    reader.on('line', line => lines.push(line));
    await once(reader, 'close');
    return lines;
  }

  /** Everything the tool printed, as it stands in the file. */
  read(): string {
    return readFileSync(this.spool, 'utf8');
  }

  /** Writes a file that a script waits for. */
  touch(name: string): void {
    writeFileSync(join(this.folder, name), '');
  }

  /** Text of a file that a script wrote, without its last line end; `undefined` while it is not there. */
  note(name: string): string | undefined {
    try {
      return readFileSync(join(this.folder, name), 'utf8').trim() || undefined;
    } catch {
      return undefined;
    }
  }

  /** Ends every process of this test and removes its folder. */
  async dispose(): Promise<void> {
    for (const child of this.#children) {
      child.kill('SIGKILL');
    }
    for (const { pid } of listSpoolProcesses(this.spool)) {
      process.kill(pid, 'SIGKILL');
    }
    await until(() => listSpoolProcesses(this.spool).length === 0);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #run(program: string, options: object, env: Record<string, string>): ChildProcess {
    const script = join(import.meta.dirname, program);
    const child = spawn(process.execPath, [script, JSON.stringify(options)], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#children.push(child);
    return child;
  }
}
