import * as z from 'zod';
import { notification, request } from './define.ts';

/** A credential plugin of the kubeconfig that waits for a person. */
const loginSchema = z.object({
  id: z.string(),
  /** The program that the kubeconfig names. */
  command: z.string(),
  /** The API server that it is to log in to. */
  server: z.string(),
  /** What it has written so far; empty when it only waits, maybe for a browser. */
  said: z.string(),
  /** True when what it wrote ends like a question. */
  asks: z.boolean(),
  /** When it is stopped, as an ISO time in UTC. */
  until: z.string(),
});

/** A credential plugin of the kubeconfig that waits for a person. */
export type Login = z.infer<typeof loginSchema>;

/** Requests about logins. */
export const loginRequests = {
  /** The plugins that wait for a person now; from now on this session is told, since a person is there to answer. */
  'login.list': request(z.object({}), z.object({ logins: z.array(loginSchema) })),
  /** Gives a plugin a line on its standard input. It is kept nowhere. */
  'login.answer': request(z.object({ id: z.string(), answer: z.string().max(4096) }), z.object({})),
  /** Stops a plugin that waits. */
  'login.cancel': request(z.object({ id: z.string() }), z.object({})),
};

/** Notifications about logins. */
export const loginNotifications = {
  /** A plugin began to wait for a person, or has written more. */
  'login.asked': notification(loginSchema),
  /** It waits no more: it has ended, or was stopped. */
  'login.ended': notification(z.object({ id: z.string() })),
};
