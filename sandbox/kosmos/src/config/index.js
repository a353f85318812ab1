import { parseNumber } from './numbers.js';

/** Reads the settings of the agent from environment variables; throws with the name of a wrong one. */
export function loadConfig(env) {
  return {
    logLevel: env.LOG_LEVEL ?? 'info',
    publicUrl: env.PUBLIC_URL,
    queue: { url: env.QUEUE_URL, user: env.QUEUE_USER, password: env.QUEUE_PASSWORD },
    taskTimeoutSeconds: parseNumber('TASK_TIMEOUT_SECONDS', env.TASK_TIMEOUT_SECONDS ?? '30'),
  };
}
