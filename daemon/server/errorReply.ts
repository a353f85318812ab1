import { randomBytes } from 'node:crypto';
import { ResponseError } from 'vscode-jsonrpc/node';
import type * as z from 'zod';
import { type ErrorData, SlipwayError, slipwayErrorNumber } from '../protocol/errors.ts';
import type { Log } from './logFile.ts';

/** Turns whatever a handler threw into what the client sees: a code of the closed union, never a stack. */
export function buildErrorReply(
  error: unknown,
  request: { readonly method: string; readonly signal: AbortSignal; readonly log: Log },
): ResponseError<ErrorData> {
  const known = classify(error, request);
  return new ResponseError(slipwayErrorNumber, known.message, {
    code: known.code,
    next: known.next,
    details: { ...known.details },
  });
}

/** A params error that names the field. */
export function buildBadRequest(method: string, error: z.ZodError): SlipwayError {
  const issue = error.issues[0];
  const field = issue?.path.map(String).join('.') ?? '';
  return new SlipwayError(
    'badRequest',
    `${method}: ${field === '' ? 'the params' : field}: ${issue?.message ?? 'unreadable'}`,
    { details: { method, field } },
  );
}

function classify(
  error: unknown,
  { method, signal, log }: { readonly method: string; readonly signal: AbortSignal; readonly log: Log },
): SlipwayError {
  if (error instanceof SlipwayError) {
    if (error.code === 'internal') {
      log.error('a handler failed', { method, message: error.message, stack: error.stack });
    }
    return error;
  }
  if (signal.aborted && (error === signal.reason || isAbort(error))) {
    return new SlipwayError('cancelled', `${method} was cancelled.`);
  }
  if (isDiskFull(error)) {
    log.error('the disk is full', { method, message: error.message });
    return new SlipwayError('storeFailed', `The disk is full: ${error.message}.`);
  }
  // The words of an unexpected error may hold secrets: they go to the log, the client gets their place.
  const reference = randomBytes(4).toString('hex');
  log.error('a handler failed unexpectedly', {
    method,
    reference,
    message: error instanceof Error ? error.message : String(error),
    stack: error instanceof Error ? error.stack : undefined,
  });
  return new SlipwayError('internal', `${method} failed unexpectedly (${reference} in the log).`, {
    details: { method, reference },
  });
}

/** What Node says when a disk, or a quota on it, is full: with the path and no secret. */
function isDiskFull(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'CanceledError');
}
