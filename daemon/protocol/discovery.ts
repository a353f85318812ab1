import { isAbsolute, join } from 'node:path';
import * as z from 'zod';
import { SlipwayError } from './errors.ts';

/** What a running daemon writes for its clients: where it listens, the token of this start, and who it is. */
export const discoverySchema = z.object({
  /** The absolute path of its Unix socket. */
  socket: z.string().min(1),
  /** 32 random bytes in base64url, new at each start. */
  token: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  pid: z.number().int().positive(),
  /** When it started, as an ISO time in UTC; `session.hello` says the same. */
  startTime: z.string(),
  version: z.string(),
  protocolVersion: z.number().int(),
  /** The file it runs from, which must stay while it runs. */
  program: z.string(),
});

/** What a running daemon writes for its clients. */
export type Discovery = z.infer<typeof discoverySchema>;

/** The one line that a starting daemon prints on its standard output. */
export const readyLineSchema = z.union([
  z.object({ ready: z.literal(true), socket: z.string(), pid: z.number().int() }),
  z.object({ ready: z.literal(false), reason: z.literal('anotherInstance') }),
  z.object({
    ready: z.literal(false),
    reason: z.literal('failed'),
    code: z.string(),
    message: z.string(),
    next: z.string(),
  }),
]);

/** The one line that a starting daemon prints on its standard output. */
export type ReadyLine = z.infer<typeof readyLineSchema>;

/** What decides where the state folder is. */
export type StateFolderPlace = {
  readonly platform: NodeJS.Platform;
  readonly homeFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
};

/**
 * The absolute path of the folder that holds everything of Slipway on this machine; touches nothing.
 * Throws SlipwayError `unsupportedSystem` on native Windows and `invalidArgument` for a relative SLIPWAY_HOME.
 */
export function buildStateFolder({ platform, homeFolder, env }: StateFolderPlace): string {
  if (platform === 'win32') {
    throw new SlipwayError('unsupportedSystem', 'Slipway does not run on native Windows.');
  }
  const override = env['SLIPWAY_HOME'];
  if (override) {
    if (!isAbsolute(override)) {
      throw new SlipwayError('invalidArgument', `SLIPWAY_HOME is not an absolute path: ${override}`, {
        details: { field: 'SLIPWAY_HOME' },
      });
    }
    return join(override);
  }
  if (platform === 'darwin') {
    return join(homeFolder, 'Library', 'Application Support', 'slipway');
  }
  // The XDG base directory specification says to ignore a relative path.
  const xdg = env['XDG_STATE_HOME'];
  return xdg && isAbsolute(xdg) ? join(xdg, 'slipway') : join(homeFolder, '.local', 'state', 'slipway');
}

/** The files and folders in the state folder that daemon and clients share. */
export function buildStatePaths(stateFolder: string) {
  return {
    discovery: join(stateFolder, 'daemon.json'),
    socket: join(stateFolder, 'daemon.sock'),
    log: join(stateFolder, 'daemon.log'),
    /** What a daemon prints when it cannot even write its log. */
    startLog: join(stateFolder, 'daemon-start.log'),
    /** One folder per version of the daemon's program. */
    programs: join(stateFolder, 'program'),
    /** What Node keeps of the program to start faster. */
    compileCache: join(stateFolder, 'cache'),
  } as const;
}
