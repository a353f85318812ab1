import type * as z from 'zod';

/** A request: what goes in and what comes back, checked at both ends. */
export type RequestDefinition<P extends z.ZodType = z.ZodType, R extends z.ZodType = z.ZodType> = {
  readonly params: P;
  readonly result: R;
};

/** A notification from the daemon. */
export type NotificationDefinition<P extends z.ZodType = z.ZodType> = { readonly params: P };

/** Defines a request by its two schemas. */
export function request<P extends z.ZodType, R extends z.ZodType>(
  params: P,
  result: R,
): RequestDefinition<P, R> {
  return { params, result };
}

/** Defines a notification by its schema. */
export function notification<P extends z.ZodType>(params: P): NotificationDefinition<P> {
  return { params };
}
