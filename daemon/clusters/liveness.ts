import { ClusterError } from './clusterError.ts';

/** Aborts a connection that has brought no byte for a time. */
export class Liveness {
  readonly #timer: NodeJS.Timeout;

  /** `milliseconds` without a `touch` abort `attempt`. */
  constructor(milliseconds: number, attempt: AbortController) {
    this.#timer = setTimeout(() => {
      attempt.abort(
        new ClusterError('unreachable', `The API server has sent nothing for ${milliseconds / 1000} s.`),
      );
    }, milliseconds);
  }

  /** A byte came. */
  touch(): void {
    this.#timer.refresh();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
