/**
 * The one text Slipway gives to a shell, as `/bin/sh -c TEXT SPOOL TOOL ARGUMENT...`: nothing is ever put into it.
 *
 * - `trap :` keeps the shell alive when the group is interrupted, so that the tool's exit code is written; not
 *   `trap ''`, since ignored signals would be inherited by the tool.
 * - `set -C` makes `>` an open with O_EXCL: a shell that comes late finds the spool claimed and never runs the tool.
 * - The code is written by the shell itself: a `mv` would be a program of its own that the next SIGINT kills.
 */
export const spoolShell = [
  'trap : HUP INT TERM',
  'set -C',
  '{ echo "$$" > "$0.pid"; } 2> /dev/null || exit 125',
  '"$@"',
  'echo "$?" > "$0.code"',
].join('\n');
