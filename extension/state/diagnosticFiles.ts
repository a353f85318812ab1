import { open } from 'node:fs/promises';
import { homedir } from 'node:os';
import { buildStatePaths } from '../../daemon/protocol/discovery.ts';
import { buildRedactor } from '../../daemon/protocol/redaction/redact.ts';
import { listSecretValues } from '../../daemon/protocol/redaction/secretVariables.ts';
import type { LogTail } from './diagnosticsText.ts';

/** How much of the end of a log goes in, in bytes. */
const tailBytes = 128 * 1024;

/** Reads the ends of the daemon's log files; a missing one is empty. */
export async function readDaemonLogs(stateFolder: string): Promise<readonly LogTail[]> {
  const { log, startLog } = buildStatePaths(stateFolder);
  return Promise.all([log, startLog].map(readTail));
}

/** Reads the end of a log file, from the beginning of a line on. */
export async function readTail(path: string): Promise<LogTail> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const from = Math.max(0, size - tailBytes);
      const { buffer, bytesRead } = await file.read({
        buffer: Buffer.alloc(Math.min(size, tailBytes)),
        position: from,
      });
      const text = buffer.subarray(0, bytesRead).toString('utf8');
      return { path, text: from === 0 ? text : text.slice(text.indexOf('\n') + 1) };
    } finally {
      await file.close();
    }
  } catch {
    return { path, text: '' };
  }
}

/**
 * Takes out of a text what is known as a secret here, by the environment or by `known`, or looks like one, and says the
 * person's own folder as `~`, since its name is mostly the person's.
 */
export function redactText(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[] = [],
): string {
  const home = homedir();
  const redacted = buildRedactor([...listSecretValues(env), ...known]).redact(text);
  return home.length > 1 ? redacted.replaceAll(home, '~') : redacted;
}
