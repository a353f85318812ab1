import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';

/** Facts of a line in the log, by name; never a token or another secret. */
export type LogFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** Where the daemon says what it does, for people. */
export type Log = {
  readonly info: (message: string, facts?: LogFacts) => void;
  readonly warn: (message: string, facts?: LogFacts) => void;
  readonly error: (message: string, facts?: LogFacts) => void;
};

/** A log in a file. */
export type LogFile = Log & { readonly close: () => void };

/** How much of a log is kept. */
export type LogOptions = {
  readonly path: string;
  /** The size in bytes at which a new file is begun. */
  readonly fileBytes?: number;
  /** How many older files are kept: `daemon.log.1` is the newest of them. */
  readonly olderFiles?: number;
};

/**
 * Opens a log (0600) that never grows past its limit: one line per entry, `time level message name=value`.
 * A full disk is not a reason to stop: lines that cannot be written are lost.
 */
export function openLogFile({ path, fileBytes = 5_000_000, olderFiles = 2 }: LogOptions): LogFile {
  let file = openPrivate(path);
  const write = (level: string, message: string, facts: LogFacts = {}) => {
    try {
      if (file.bytes > fileBytes) {
        closeSync(file.descriptor);
        rotate(path, olderFiles);
        file = openPrivate(path);
      }
      file.bytes += writeSync(file.descriptor, buildLine(level, message, facts));
    } catch {
      // Nowhere is left to say it.
    }
  };
  return {
    info: (message, facts) => write('info', message, facts),
    warn: (message, facts) => write('warn', message, facts),
    error: (message, facts) => write('error', message, facts),
    close: () => closeSync(file.descriptor),
  };
}

function openPrivate(path: string): { readonly descriptor: number; bytes: number } {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const descriptor = openSync(path, O_APPEND | O_CREAT | O_NOFOLLOW | O_WRONLY, 0o600);
  fchmodSync(descriptor, 0o600);
  return { descriptor, bytes: fstatSync(descriptor).size };
}

function rotate(path: string, olderFiles: number): void {
  if (olderFiles === 0) {
    rmSync(path, { force: true });
    return;
  }
  rmSync(`${path}.${olderFiles}`, { force: true });
  for (let age = olderFiles - 1; age >= 0; age--) {
    try {
      renameSync(age === 0 ? path : `${path}.${age}`, `${path}.${age + 1}`);
    } catch {
      // That many files do not exist yet.
    }
  }
}

function buildLine(level: string, message: string, facts: LogFacts): string {
  const texts = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? JSON.stringify(value) : value}`);
  return `${new Date().toISOString()} ${level.padEnd(5)} ${stripControls(message)}${stripControls(texts.join(''))}\n`;
}

// Texts of tools and clusters may carry escape codes and line breaks that would forge lines.
function stripControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this removes.
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
