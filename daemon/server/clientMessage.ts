import type { Message } from 'vscode-jsonrpc/node';
import * as z from 'zod';

/** What a client may send: a request, or the cancelling of one. */
export type ClientMessage = { readonly kind: 'request' | 'cancel'; readonly message: Message };

/** Checks a decoded message of a client; throws an Error for everything else. */
export function parseClientMessage(value: unknown): ClientMessage {
  const cancel = cancelSchema.safeParse(value);
  if (cancel.success) {
    return { kind: 'cancel', message: cancel.data };
  }
  const request = requestSchema.safeParse(value);
  if (request.success) {
    return { kind: 'request', message: request.data };
  }
  throw new Error('a message that is no request');
}

const idSchema = z.union([z.string().max(100), z.number()]);

const requestSchema = z.object({
  jsonrpc: z.literal('2.0'),
  id: idSchema,
  method: z.string().max(100),
  params: z.unknown(),
});

const cancelSchema = z.strictObject({
  jsonrpc: z.literal('2.0'),
  method: z.literal('$/cancelRequest'),
  params: z.object({ id: idSchema }),
});
