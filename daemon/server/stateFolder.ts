import { homedir } from 'node:os';
import { buildStateFolder } from '../protocol/discovery.ts';
import { preparePrivateFolder } from '../protocol/transport/privateFolder.ts';

/** Makes this user's state folder (0700) and gives its path; throws SlipwayError where it cannot be used. */
export function prepareStateFolder(env: Readonly<Record<string, string | undefined>>): string {
  const folder = buildStateFolder({ platform: process.platform, homeFolder: homedir(), env });
  preparePrivateFolder(folder);
  return folder;
}
