/** A failure as people see it: what happened and what to do next. */
export type FailureView = {
  /** The protocol's error code; `internal` for everything that is not an error of ours. */
  readonly code: string;
  readonly message: string;
  readonly next?: string;
  readonly details: Readonly<Record<string, string>>;
};

/** Reads what was thrown, by shape: the error's class is in a part of the program that is loaded later. */
export function readFailure(error: unknown): FailureView {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const next = 'next' in error && typeof error.next === 'string' ? { next: error.next } : {};
    return { code: error.code, message, ...next, details: readDetails(error) };
  }
  return { code: 'internal', message, details: {} };
}

function readDetails(error: Error): Readonly<Record<string, string>> {
  if (!('details' in error) || typeof error.details !== 'object' || error.details === null) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(error.details).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}
