import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import type { EnvironmentView } from '../../daemon/protocol/environment.ts';

/** What a daemon told about an environment, and when (milliseconds of `performance.now()`). */
export type ToldEnvironment = { readonly at: number; readonly environment: EnvironmentView };

/** Everything that a daemon tells about one environment by itself, from now on. */
export class EnvironmentRecord {
  readonly told: ToldEnvironment[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #stop: () => void;

  constructor(client: DaemonClient, name: string) {
    this.#stop = client.onNotification('environment.changed', ({ environment }) => {
      if (environment.name === name) {
        this.told.push({ at: performance.now(), environment });
        for (const listener of this.#listeners) {
          listener();
        }
      }
    });
  }

  /** Resolves with the first thing told, before or from now on, that satisfies; rejects after `limitMs`. */
  async waitFor(
    what: string,
    satisfies: (environment: EnvironmentView) => boolean,
    limitMs = 30_000,
  ): Promise<ToldEnvironment> {
    const { promise, resolve, reject } = Promise.withResolvers<ToldEnvironment>();
    let looked = 0;
    const look = () => {
      for (; looked < this.told.length; looked += 1) {
        const told = this.told[looked];
        if (told && satisfies(told.environment)) {
          resolve(told);
          return;
        }
      }
    };
    const timer = setTimeout(() => {
      const last = JSON.stringify(this.told.at(-1)?.environment, undefined, 1) ?? 'nothing';
      reject(new Error(`nothing told ${what} within ${limitMs / 1000} s; the last was ${last}`));
    }, limitMs);
    this.#listeners.add(look);
    look();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      this.#listeners.delete(look);
    }
  }

  dispose(): void {
    this.#stop();
  }
}
