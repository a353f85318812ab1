import type { NotificationParams } from '../../daemon/protocol/messages.ts';
import type { ToLogPage } from '../../webview/protocol/logMessages.ts';
import { processTimer, Throttle } from '../state/throttle.ts';

type LogChanged = NotificationParams<'log.changed'>;

/** How often a page hears that there are more lines, in milliseconds: those that it follows come by its reads. */
const moreMs = 250;

/** Tells a page what has changed about its log: at once, or a few times a second where there are only more lines. */
export class LogChanges {
  readonly #send: (message: ToLogPage) => void;
  readonly #more = new Throttle({ intervalMs: moreMs, timer: processTimer, action: () => this.#tell() });
  #last: LogChanged | undefined;
  #told = '';

  constructor(send: (message: ToLogPage) => void) {
    this.#send = send;
  }

  /** Takes what the daemon says. */
  take(changed: LogChanged): void {
    this.#last = changed;
    if (describe(changed) === this.#told) {
      this.#more.request();
    } else {
      this.#tell();
    }
  }

  dispose(): void {
    this.#more.dispose();
  }

  #tell(): void {
    if (this.#last) {
      const { log, filtered } = this.#last;
      this.#told = describe(this.#last);
      this.#send({ type: 'changed', log, ...(filtered === undefined ? {} : { filtered }) });
    }
  }
}

/** Everything but how much there is. */
function describe({ log, filtered }: LogChanged): string {
  const { total: _total, first: _first, bytes: _bytes, ...facts } = log;
  return JSON.stringify([facts, filtered?.filterId, filtered?.problem]);
}
