/** The closed list of what can hold a promotion back, in the order in which people read them. */
export const gateKinds = [
  'order',
  'checklist',
  'approvals',
  'validation',
  'window',
  'notice',
  'freeze',
  'lock',
  'soak',
  'guard',
  'database',
  'strategy',
  'automatic',
  'watch',
  'afterwards',
  'unverifiable',
] as const;

/** What a gate is about. */
export type GateKind = (typeof gateKinds)[number];

/** `pass` lets the promotion through; `hold` and `unknown` both keep it back. */
export type GateState = 'pass' | 'hold' | 'unknown';

/** What a person can do at once about a gate; the window knows how. */
export type GateAction =
  | { readonly command: 'promote' | 'connect' | 'showChecklist'; readonly environment: string }
  | { readonly command: 'showTimeline'; readonly promotionId: string }
  | { readonly command: 'openProcedure' };

/** A condition that holds a promotion back, decided at one instant. */
export type Gate = {
  readonly kind: GateKind;
  /** A few words: "Order: staging first". */
  readonly title: string;
  readonly state: GateState;
  /** Why it is in this state, as one sentence for people. */
  readonly reason: string;
  /** Who or what can clear it and how; absent when it passes. */
  readonly next?: string;
  /** What `next` says, as something to press. */
  readonly action?: GateAction;
  /** Since when it has been so, as an ISO time in UTC. */
  readonly since?: string;
  /** What makes people obey it: the API server of a cluster, or nothing but this machine. */
  readonly enforcement: string;
};

/** True when no gate keeps the promotion back. */
export function allGatesPass(gates: readonly Gate[]): boolean {
  return gates.every(gate => gate.state === 'pass');
}
