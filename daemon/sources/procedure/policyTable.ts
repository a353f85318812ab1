import type { GateKind } from '../../model/gate.ts';
import type { EnvironmentFile } from './environmentSchema.ts';
import type { ProcedureFile } from './procedureSchema.ts';

/**
 * What this version does with a key:
 * - `works`: Slipway does what it says, or shows it.
 * - `holds`: it asks for a gate that this version cannot check, so the gate is `unknown` and holds.
 * - `later`: it holds nothing back, and nothing comes of it yet.
 */
export type KeyEffect =
  | { readonly effect: 'works'; readonly why: string }
  | {
      readonly effect: 'holds';
      readonly gate: GateKind;
      /** The value that asks for nothing. */
      readonly unless?: string | boolean;
      readonly why: string;
    }
  | { readonly effect: 'later'; readonly missing: string; readonly why: string };

/** An environment's key: its effect, and whether it belongs to the policy that the policy hash covers. */
export type EnvironmentKeyEffect = KeyEffect & { readonly policy: boolean };

/**
 * Every key of an environment: a new one does not compile without a decision here.
 * To build a gate, turn its `holds` into `works`.
 */
export const environmentKeyEffects: {
  readonly [K in keyof Required<EnvironmentFile>]: EnvironmentKeyEffect;
} = {
  purpose: { effect: 'works', policy: false, why: 'It is shown in the tree.' },
  data: { effect: 'works', policy: false, why: 'It is shown in the tree; it asks for nothing.' },
  cluster: { effect: 'works', policy: false, why: 'The plan digest holds the cluster and the namespace.' },
  after: { effect: 'works', policy: true, why: 'The gate "order" checks it.' },
  guarded: {
    effect: 'holds',
    gate: 'guard',
    unless: false,
    policy: true,
    why: 'Nothing enforces it without the guard policies in the cluster.',
  },
  database: { effect: 'holds', gate: 'database', policy: true, why: 'Its migrations would be left out.' },
  automatic: {
    effect: 'holds',
    gate: 'automatic',
    policy: true,
    why: 'Its tests and its way back would be left out.',
  },
  approvals: { effect: 'holds', gate: 'approvals', policy: true, why: 'Nobody could have approved.' },
  validation: { effect: 'holds', gate: 'validation', policy: true, why: 'Nobody could have validated.' },
  checklist: { effect: 'works', policy: true, why: 'The gate "checklist" decides each of its checks.' },
  windows: { effect: 'holds', gate: 'window', policy: true, why: 'Nobody computes whether one is open.' },
  notice: { effect: 'holds', gate: 'notice', policy: true, why: 'Nobody would have been told.' },
  freeze: { effect: 'holds', gate: 'freeze', policy: true, why: 'Nobody computes whether one is on.' },
  soak: {
    effect: 'holds',
    gate: 'soak',
    policy: true,
    why: 'Nobody computes how long the environment before has run it.',
  },
  strategy: {
    effect: 'holds',
    gate: 'strategy',
    unless: 'rolling',
    policy: true,
    why: 'All traffic would move at once; rolling alone is built.',
  },
  watch: { effect: 'holds', gate: 'watch', policy: true, why: 'Nobody would watch the release.' },
  rollback: {
    effect: 'holds',
    gate: 'watch',
    policy: true,
    why: 'A promise that nobody keeps: nothing would roll back by itself.',
  },
  afterwards: { effect: 'holds', gate: 'afterwards', policy: true, why: 'Its checks would be left out.' },
  emergency: {
    effect: 'later',
    policy: true,
    missing: 'no emergency promotion can be started; regular ones go their way.',
    why: 'It opens a shorter way and closes none: without it people take the longer one.',
  },
};

/** Every key at the top of the file: a new one does not compile without a decision here. */
export const procedureKeyEffects: { readonly [K in keyof Required<ProcedureFile>]: KeyEffect } = {
  apiVersion: { effect: 'works', why: 'It is checked.' },
  kind: { effect: 'works', why: 'It is checked.' },
  name: { effect: 'works', why: 'It is shown.' },
  document: { effect: 'works', why: 'It is a description: gates may link to it.' },
  policyFrom: { effect: 'works', why: 'The governing file is read from there.' },
  people: {
    effect: 'works',
    why: 'They tick checks; the roles are part of the policy hash, and the other gates that use them hold.',
  },
  releases: { effect: 'works', why: 'Tags are releases, images are in the digest.' },
  components: {
    effect: 'works',
    why: 'Helm is built; a preferred method that is not holds (see components below).',
  },
  database: {
    effect: 'holds',
    gate: 'database',
    why: 'Its migrations, backup and validation would be left out.',
  },
  environments: { effect: 'works', why: 'See the environment keys.' },
  checklists: {
    effect: 'works',
    why: 'A list asks for nothing until an environment uses it; a check that needs a probe is unknown and holds.',
  },
  notify: {
    effect: 'later',
    missing: 'nobody is told.',
    why: 'It names addresses; the gate that needs one is notice, and that key holds.',
  },
  links: { effect: 'works', why: 'They are shown.' },
  report: {
    effect: 'later',
    missing: 'no report is written.',
    why: 'It comes after the promotion and is no condition of it.',
  },
};

/** Every method of a component, for the one that is preferred in regular promotions. */
export const methodEffects: { readonly [K in 'gitops' | 'helm' | 'kubectl']: KeyEffect } = {
  gitops: { effect: 'holds', gate: 'unverifiable', why: 'Helm would fight with what Argo CD applies.' },
  helm: { effect: 'works', why: 'It is built.' },
  kubectl: {
    effect: 'holds',
    gate: 'unverifiable',
    why: 'It is not built, and another method was not asked for first.',
  },
};

/** Keys below `releases` that do nothing yet; none of them is a condition of a promotion. */
export const releaseKeyEffects: {
  readonly [K in keyof Required<NonNullable<ProcedureFile['releases']>>]: KeyEffect;
} = {
  tags: { effect: 'works', why: 'Tags are releases.' },
  images: { effect: 'works', why: 'They are in the release digest.' },
  branches: {
    effect: 'later',
    missing: 'commits of branches are not listed as releases.',
    why: 'It offers more to promote and holds nothing.',
  },
  reports: {
    effect: 'later',
    missing: 'reports are not fetched.',
    why: 'Only checks that need a probe read them, and those hold.',
  },
};
