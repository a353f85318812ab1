import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineCounter, parseDocument } from 'yaml';

/** A file as it was read, or why it could not be. */
export type FileText = { readonly path: string; readonly text: string; readonly error?: unknown };

/** kubectl and its like empty a kubeconfig before they write it anew: so long it may stay so, in milliseconds. */
const rewriting = { pauseMs: 25, longestMs: 500 };

/** Reads a kubeconfig; one that is missing counts as empty, and one that is empty at the moment is read again. */
export async function readFileText(path: string): Promise<FileText> {
  try {
    for (;;) {
      const text = await readFile(path, 'utf8');
      if (text.trim() !== '' || !(await wasJustChanged(path))) {
        return { path, text };
      }
      await sleep(rewriting.pauseMs);
    }
  } catch (error) {
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return { path, text: '', ...(isMissing ? {} : { error }) };
  }
}

/** By a fraction of a millisecond a file can be newer than the clock. */
async function wasJustChanged(path: string): Promise<boolean> {
  return Math.abs(Date.now() - (await stat(path)).mtimeMs) < rewriting.longestMs;
}

/**
 * Parses the text of a kubeconfig. What is not YAML is named by its place alone: the parser's own words quote the line,
 * and that may be the one with the token.
 */
export function parseKubeconfigText(text: string): unknown {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { prettyErrors: false, lineCounter });
  const [first] = document.errors;
  if (first) {
    const { line, col } = lineCounter.linePos(first.pos[0]);
    throw new Error(`it is not YAML (line ${line}, column ${col}).`);
  }
  try {
    return document.toJS();
  } catch {
    throw new Error('it is not YAML (an alias leads nowhere, or too far).');
  }
}
