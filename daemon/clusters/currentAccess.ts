import type { ChosenProxy } from './chooseProxy.ts';
import { buildClusterAccess, type ClusterAccess } from './clusterAccess.ts';
import type { CredentialPlugins } from './credentialPlugin.ts';

/** Where an access comes from. */
export type CurrentAccessOptions = {
  /** The minified kubeconfig of one context, read anew. */
  readonly readKubeconfig: () => Promise<string>;
  readonly plugins: CredentialPlugins;
  /** For proxies. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly now: () => number;
};

/** After a failure the kubeconfig is read again, but not more often than this, in milliseconds. */
const rereadMs = 2_000;

/** The access that a kubeconfig gives: kept until it runs out, is refused, or what it was built from may have changed. */
export class CurrentAccess {
  readonly #options: CurrentAccessOptions;
  #text = '';
  #access: ClusterAccess | undefined;
  #inFlight: Promise<ClusterAccess> | undefined;
  #doubted = false;
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(options: CurrentAccessOptions) {
    this.#options = options;
  }

  /** The address of the API server, as far as it is known. */
  get server(): string {
    return this.#access?.server ?? '';
  }

  /** The proxy on the way to it, where one is known of. */
  get proxy(): ChosenProxy | undefined {
    return this.#access?.proxy;
  }

  /** The kubeconfig that it goes by; absent before the first one. */
  get kubeconfig(): string | undefined {
    return this.#text === '' ? undefined : this.#text;
  }

  /** Reads the kubeconfig, and runs a credential plugin, where needed; all who ask at a time wait for the same. */
  async get(): Promise<ClusterAccess> {
    const now = this.#options.now();
    const mustReread = this.#doubted && now - this.#readAt >= rereadMs;
    if (this.#access && this.#access.validUntil > now && !mustReread) {
      return this.#access;
    }
    this.#inFlight ??= this.#build().finally(() => {
      this.#inFlight = undefined;
    });
    return await this.#inFlight;
  }

  /** Reads the kubeconfig now, goes by what it says from now on, and returns its text. */
  async reread(): Promise<string> {
    // Who waits for it is told.
    await this.#inFlight?.catch(() => undefined);
    this.#doubted = true;
    this.#readAt = Number.NEGATIVE_INFINITY;
    await this.get();
    return this.#text;
  }

  /** Something failed: the kubeconfig may have changed. */
  doubt(): void {
    this.#doubted = true;
  }

  /** Only the access that was refused is thrown away: another request may have renewed it meanwhile. */
  refuse(refused: ClusterAccess): void {
    if (this.#access === refused) {
      if (refused.plugin) {
        this.#options.plugins.forget(refused.plugin);
      }
      this.#access = undefined;
    }
  }

  async #build(): Promise<ClusterAccess> {
    const { readKubeconfig, plugins, environment, now } = this.#options;
    this.#doubted = false;
    this.#readAt = now();
    const text = await readKubeconfig();
    const known = this.#access;
    if (known && text === this.#text && known.validUntil > now()) {
      return known;
    }
    const access = await buildClusterAccess(text, { plugins, environment, now });
    this.#text = text;
    this.#access = access;
    return access;
  }
}
