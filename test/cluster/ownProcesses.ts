import { readdirSync, readFileSync } from 'node:fs';

/** A living process and its arguments. */
export type OwnProcess = { readonly pid: number; readonly words: string };

/** The living processes whose arguments or environment name a folder: a daemon of that home, its tools, their shells. */
export function listOwnProcesses(folder: string): readonly OwnProcess[] {
  return readdirSync('/proc')
    .filter(name => /^[0-9]+$/.test(name) && Number(name) !== process.pid)
    .flatMap(name => {
      const [words, environment] = [read(name, 'cmdline'), read(name, 'environ')];
      return words.includes(folder) || environment.includes(folder)
        ? [{ pid: Number(name), words: words.replaceAll('\0', ' ').trim() }]
        : [];
    });
}

/** A process that has ended, a zombie or another user's reads as empty. */
function read(pid: string, file: 'cmdline' | 'environ'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
