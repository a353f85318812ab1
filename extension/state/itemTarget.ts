import { documentSchemes } from './documentPaths.ts';

/** What a command is about: filled in by the tree item, the CodeLens or the document it was started from. */
export type ItemTarget = {
  readonly repositoryId?: string;
  readonly environment?: string;
  /** A release's version. */
  readonly release?: string;
  readonly commit?: string;
  readonly promotionId?: string;
  readonly stepId?: string;
  readonly planId?: string;
  readonly checkId?: string;
  /** What the person saw when they spoke of the check. */
  readonly digest?: string;
  /** `deployment/agent-name` or `pod/agent-name-5c6f-x2k`. */
  readonly workload?: string;
  readonly loginId?: string;
  /** A setting's name, or what the names of several begin with. */
  readonly setting?: string;
};

const names = [
  'repositoryId',
  'environment',
  'release',
  'commit',
  'promotionId',
  'stepId',
  'planId',
  'checkId',
  'digest',
  'workload',
  'loginId',
  'setting',
] as const;

/** Reads the argument a command was called with; anything that is no target gives an empty one. */
export function readTarget(argument: unknown): ItemTarget {
  const source: unknown = isObject(argument) && isObject(argument['target']) ? argument['target'] : argument;
  if (!isObject(source)) {
    return {};
  }
  const record = source;
  if (record['scheme'] === documentSchemes.plan || record['scheme'] === documentSchemes.planText) {
    return readPlanPlace(record['query']);
  }
  return Object.fromEntries(
    names.flatMap(name => (typeof record[name] === 'string' ? [[name, record[name]]] : [])),
  );
}

/** The plan whose document, or one side of whose diffs, is at a place: `p-1` or `p-1/newManifest`. */
function readPlanPlace(query: unknown): ItemTarget {
  const [planId] = typeof query === 'string' ? query.split('/') : [];
  return planId ? { planId } : {};
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
