import type { LoginPromptsOptions } from '../clusters/loginPrompts.ts';
import type { DaemonServer } from './daemonServer.ts';

/** The windows as credential plugins ask them: each hears of one that waits. */
export function buildLoginAudience(
  server: () => Pick<DaemonServer, 'people' | 'broadcast'>,
): LoginPromptsOptions {
  return {
    audience: () => server().people,
    onAsked: login => server().broadcast.toPeople({ key: login.id, name: 'login.asked', params: login }),
    onEnded: id => server().broadcast.toPeople({ key: id, name: 'login.ended', params: { id } }),
  };
}
