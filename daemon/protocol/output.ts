import * as z from 'zod';
import { notification, request } from './define.ts';

/** Requests about what tools print. */
export const outputRequests = {
  /** Reads a step's output from a byte offset, and follows it for this session until it ends. */
  'output.follow': request(
    z.object({ promotionId: z.string(), stepId: z.string(), offset: z.number().int().min(0) }),
    z.object({ text: z.string(), nextOffset: z.number(), ended: z.boolean() }),
  ),
};

/** Notifications about what tools print. */
export const outputNotifications = {
  /** More of a followed output, redacted; `offset` is where it begins. */
  'output.appended': notification(
    z.object({
      promotionId: z.string(),
      stepId: z.string(),
      offset: z.number(),
      text: z.string(),
      nextOffset: z.number(),
      ended: z.boolean(),
    }),
  ),
};
