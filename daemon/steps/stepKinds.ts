import type { StepKind } from '../model/plan.ts';
import { helmRollback } from './helmRollback.ts';
import { helmStatus } from './helmStatus.ts';
import { helmUninstall } from './helmUninstall.ts';
import { helmUpgrade } from './helmUpgrade.ts';
import type { StepKindDefinition } from './step.ts';
import { verifyWorkloads } from './verifyWorkloads.ts';

/** Every kind of step. */
export const stepKinds: Readonly<Record<StepKind, StepKindDefinition>> = {
  helmUpgrade,
  helmRollback,
  helmUninstall,
  helmStatus,
  verifyWorkloads,
};
