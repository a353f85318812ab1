import { stripControlCharacters } from '../../protocol/redaction/controlCharacters.ts';
import { ToolError } from '../../tools/process/toolError.ts';

/** Says in one line, without a full stop, why a git command failed: git's own words without its advice. */
export function describeGitProblem(error: unknown): string {
  if (error instanceof ToolError && error.reason === 'failed') {
    const lines = error.stderrTail
      .split('\n')
      .map(clean)
      .filter(line => line !== '' && !noise.test(line));
    if (lines.length > 0) {
      return lines.slice(0, 2).join('; ');
    }
  }
  return clean(error instanceof Error ? error.message : String(error));
}

/** True when a git command failed because a disk, or a quota on it, is full. */
export function isDiskFull(error: unknown): boolean {
  const text = error instanceof ToolError ? error.stderrTail : error instanceof Error ? error.message : '';
  return /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT/.test(text);
}

// What git prints for any failure at all, and hints.
const noise =
  /^(?:hint|warning):|^(?:fatal: )?Could not read from remote repository|^Please make sure you have the correct|^and the repository exists/;

function clean(text: string): string {
  return stripControlCharacters(text)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/^(?:fatal|error): /, '')
    .replace(/\.$/, '');
}
