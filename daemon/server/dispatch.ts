import type { Handlers, RequestContext } from '../handlers/requestContext.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { type Params, type RequestName, requests } from '../protocol/messages.ts';
import { buildBadRequest, buildErrorReply } from './errorReply.ts';
import type { Log } from './logFile.ts';

/** Answers one request; rejects with the JSON-RPC error to send. */
export type Dispatch = (method: string, params: unknown, context: RequestContext) => Promise<unknown>;

/** Connects the table of handlers with the schemas: params and results are both checked here. */
export function buildDispatch(handlers: Handlers, log: Log): Dispatch {
  return async (method, params, context) => {
    try {
      if (!isRequestName(method)) {
        throw new SlipwayError('badRequest', `There is no request ${JSON.stringify(method.slice(0, 100))}.`);
      }
      return await answer(handlers, method, params, context);
    } catch (error) {
      throw buildErrorReply(error, { method, signal: context.signal, log });
    }
  };
}

/** True for the name of a request that the protocol defines. */
function isRequestName(method: string): method is RequestName {
  return Object.hasOwn(requests, method);
}

async function answer<M extends RequestName>(
  handlers: Handlers,
  method: M,
  params: unknown,
  context: RequestContext,
): Promise<unknown> {
  const { params: paramsSchema, result: resultSchema } = requests[method];
  const checked = paramsSchema.safeParse(params);
  if (!checked.success) {
    throw buildBadRequest(method, checked.error);
  }
  if (context.signal.aborted) {
    throw new SlipwayError('cancelled', `${method} was cancelled before it began.`);
  }
  // The compiler does not follow the schema of a generic name to its output type.
  const result = await handlers[method](checked.data as Params<M>, context);
  const checkedResult = resultSchema.safeParse(result);
  if (!checkedResult.success) {
    throw new Error(`the result of ${method} does not fit its schema: ${checkedResult.error.message}`);
  }
  return checkedResult.data;
}
