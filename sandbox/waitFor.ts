import { setTimeout as wait } from 'node:timers/promises';
import { lastLines, type ServerProcess } from './serverProcess.ts';

/**
 * Waits until `check` resolves to true, asking every 50 ms; a rejection counts as "not yet".
 *
 * Rejects after `limitMs` with what was waited for and the last failure, or at once when `server` has ended,
 * with the end of its log.
 */
export async function waitFor(
  what: string,
  check: () => Promise<boolean>,
  options: { limitMs: number; server?: ServerProcess; signal?: AbortSignal | undefined },
): Promise<void> {
  const deadline = performance.now() + options.limitMs;
  let failure: unknown;
  for (;;) {
    options.signal?.throwIfAborted();
    try {
      if (await check()) {
        return;
      }
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    const ended = options.server?.ended();
    if (options.server !== undefined && ended !== undefined) {
      throw new ServerEndedError(options.server.name, ended, await lastLines(options.server.logFile));
    }
    if (performance.now() > deadline) {
      const log = options.server === undefined ? '' : ` Its log: ${options.server.logFile}`;
      throw new Error(`Waited ${options.limitMs / 1000} s in vain for ${what}.${log}`, { cause: failure });
    }
    await wait(50);
  }
}

/** A server of the sandbox ended while something waited for it. */
export class ServerEndedError extends Error {
  /** True when it could not have its port: another choice of port may help. */
  readonly portTaken: boolean;

  constructor(name: string, how: string, log: string) {
    super(`${name} ${how} before it was ready. Its last words:\n${log}`);
    this.name = 'ServerEndedError';
    this.portTaken = /address already in use/.test(log);
  }
}
