import { randomUUID } from 'node:crypto';

/** A plugin that waits for a person, as windows are told. */
export type WaitingLogin = {
  readonly id: string;
  readonly command: string;
  readonly server: string;
  readonly said: string;
  readonly asks: boolean;
  /** ISO time in UTC. */
  readonly until: string;
};

/** What a run of a plugin tells, and how it is reached while it runs. */
export type LoginPrompt = {
  /** True when it gets a standard input: a person is there to answer, and it may ask. */
  readonly takesAnswers: boolean;
  /** It has written this so far. */
  onSaid(said: string): void;
  /** It has started: a line can be given to it, and it can be stopped. */
  onStarted(plugin: RunningPlugin): void;
  /** How much longer it may run, asked when its time is up, in milliseconds; 0 = no longer. */
  extend(): number;
  /** It has ended. */
  end(): void;
};

/** A plugin that is about to run. */
export type PluginStart = {
  readonly command: string;
  readonly server: string;
  readonly limitMs: number;
  /** False for one that must not ask. */
  readonly mayAsk: boolean;
};

/** A plugin that runs. */
export type RunningPlugin = { answer(line: string): void; stop(): void };

/** What the prompts work with. */
export type LoginPromptsOptions = {
  /** How many windows are there to be asked. */
  readonly audience: () => number;
  readonly onAsked: (login: WaitingLogin) => void;
  readonly onEnded: (id: string) => void;
  readonly now?: () => number;
  /** How long after it wrote something, and how long in silence, before people are told. Milliseconds. */
  readonly tellAfter?: { readonly saidMs: number; readonly silentMs: number };
};

/** A person needs so long to log in: as long as most device codes live, in milliseconds. */
const personMs = 5 * 60_000;
const usualTellAfter = { saidMs: 1_500, silentMs: 5_000 };

/**
 * The credential plugins that wait for a person. One that ends quickly is never told of; one that waits is told to every
 * window, with what it wrote, and gets the time that a person needs. Nothing of it is kept.
 */
export class LoginPrompts {
  readonly #options: LoginPromptsOptions;
  readonly #now: () => number;
  readonly #open = new Map<string, Open>();

  constructor(options: LoginPromptsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The plugins that wait for a person now. */
  list(): readonly WaitingLogin[] {
    return [...this.#open.values()].flatMap(open => (open.told ? [describe(open)] : []));
  }

  /** Gives a plugin a line; does nothing when it has ended. */
  answer(id: string, line: string): void {
    this.#open.get(id)?.plugin?.answer(line);
  }

  /** Stops a plugin. */
  cancel(id: string): void {
    this.#open.get(id)?.plugin?.stop();
  }

  /** A plugin is about to run. */
  begin(plugin: PluginStart): LoginPrompt {
    const { saidMs, silentMs } = this.#options.tellAfter ?? usualTellAfter;
    const open: Open = {
      ...plugin,
      id: randomUUID(),
      said: '',
      told: false,
      until: this.#now() + plugin.limitMs,
    };
    const { id } = open;
    this.#open.set(id, open);
    this.#tellLater(open, silentMs);
    return {
      takesAnswers: plugin.mayAsk && this.#options.audience() > 0,
      onStarted: running => {
        open.plugin = running;
      },
      onSaid: said => {
        const isFirst = open.said === '';
        open.said = said;
        if (open.told || isFirst) {
          this.#tellLater(open, open.told ? 200 : saidMs);
        }
      },
      extend: () => {
        const more = open.told ? open.until - this.#now() : 0;
        return Math.max(0, more);
      },
      end: () => {
        clearTimeout(open.timer);
        this.#open.delete(id);
        if (open.told) {
          this.#options.onEnded(id);
        }
      },
    };
  }

  #tellLater(open: Open, afterMs: number): void {
    clearTimeout(open.timer);
    open.timer = setTimeout(() => this.#tell(open), afterMs);
    open.timer.unref();
  }

  #tell(open: Open): void {
    if (this.#options.audience() === 0) {
      return;
    }
    if (!open.told) {
      open.told = true;
      open.until = this.#now() + personMs;
    }
    this.#options.onAsked(describe(open));
  }
}

type Open = {
  readonly id: string;
  readonly command: string;
  readonly server: string;
  said: string;
  told: boolean;
  /** Milliseconds since 1970. */
  until: number;
  timer?: NodeJS.Timeout;
  plugin?: RunningPlugin;
};

function describe({ id, command, server, said, until }: Open): WaitingLogin {
  const text = said.trim();
  return {
    id,
    command,
    server,
    said: text.length > longest ? `...${text.slice(-longest)}` : text,
    // A question has no end of line behind it, so that the answer stands beside it.
    asks: said !== '' && !said.endsWith('\n'),
    until: new Date(until).toISOString(),
  };
}

const longest = 2_000;
