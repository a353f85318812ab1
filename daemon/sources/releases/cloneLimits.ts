/** How long a refresh may wait, in milliseconds. */
export type CloneLimits = { readonly localMs: number; readonly originMs: number };
