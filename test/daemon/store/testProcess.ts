import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** A program of this folder in a process of its own, read line by line. */
export class TestProcess {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #exited: Promise<unknown>;

  /** `before` is put before the command, such as `sh -c 'ulimit -f 100; exec "$@"' sh`. */
  constructor(program: string, args: readonly string[], before: readonly string[] = []) {
    const command = [...before, process.execPath, join(import.meta.dirname, program), ...args];
    this.#child = spawn(command[0] ?? '', command.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exited = once(this.#child, 'exit');
    const { stdout } = this.#child;
    if (!stdout) {
      throw new Error('the process has no output');
    }
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** The next line of its output; throws when it ends first. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done === true) {
      throw new Error('the process ended');
    }
    return value;
  }

  /** Every line that is still to come. */
  async rest(): Promise<readonly string[]> {
    const lines: string[] = [];
    for (let next = await this.#lines.next(); next.done !== true; next = await this.#lines.next()) {
      lines.push(next.value);
    }
    return lines;
  }

  write(text: string): void {
    this.#child.stdin?.write(text);
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }
}
