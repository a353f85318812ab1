import { isAbsolute, join } from 'node:path';
import { SlipwayError } from '../../protocol/errors.ts';
import { isProgram } from './isProgram.ts';

/** Where to look for a tool. */
export type FindToolOptions = {
  /** The path that the machine's settings name; empty = look in PATH. */
  readonly setting?: string;
  /** PATH of the tools' environment. */
  readonly path: string | undefined;
};

/**
 * The absolute path of a tool: the machine's setting first, then PATH. A setting that names no program is an error and
 * never passed over; folders of PATH that are not absolute are passed over, since they would mean the repository's.
 * Throws SlipwayError `toolMissing`.
 */
export function findTool(name: string, { setting, path }: FindToolOptions): string {
  if (setting) {
    if (!isProgram(setting)) {
      throw new SlipwayError(
        'toolMissing',
        `The settings name ${setting} for ${name}: no program runs there.`,
        {
          details: { tool: name, path: setting },
        },
      );
    }
    return setting;
  }
  const folders = (path ?? '').split(':').filter(folder => isAbsolute(folder));
  const found = folders.map(folder => join(folder, name)).find(isProgram);
  if (!found) {
    throw new SlipwayError('toolMissing', `${name} is in none of the folders of PATH.`, {
      details: { tool: name, path: folders.join(':') },
    });
  }
  return found;
}
