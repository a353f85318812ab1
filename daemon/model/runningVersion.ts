import type { Component, WorkloadReference } from './procedure.ts';
import type { HelmRevision, WorkloadStatus } from './rollout.ts';
import { findNumber } from './template.ts';

/** Workload (`deployment/agent-name`) to container to image. */
export type WorkloadImages = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What runs in an environment for one component. */
export type RunningVersion = {
  /** The version by the workload's image; absent when nothing runs. */
  readonly version?: string;
  readonly image?: string;
  /** The version by the image in Helm's own record, only where it differs. */
  readonly helmVersion?: string;
  /** The highest deployed row of Helm's, else its newest. */
  readonly helm?: HelmRevision;
  /** Since when this version has run, as an ISO time in UTC. */
  readonly since?: string;
};

/** A release, and the commit that it is of. */
export type ReleaseOfCommit = { readonly version: string; readonly commit: string };

/** What a component's workload is found by. */
export type WorkloadSearch = {
  /** With the name of its Helm release as it is in the environment: placeholders filled. */
  readonly component: Component;
  /** The component's image with `{version}`, `{number}` or `{commit}`, from the procedure. */
  readonly pattern?: string;
  readonly workloads: readonly WorkloadStatus[];
};

/** What is known of an environment, as far as versions go. */
export type RunningInput = WorkloadSearch & {
  /** Newest first. */
  readonly releases: readonly ReleaseOfCommit[];
  /** Helm's rows of the namespace. */
  readonly revisions: readonly HelmRevision[];
  /** What Helm's record of the component's deployed revision holds. */
  readonly recorded?: WorkloadImages;
};

/** Decides what runs for a component: the workload's image first, Helm's record beside it when they differ. */
export function decideRunningVersion(input: RunningInput): RunningVersion {
  const { component } = input;
  const rows = input.revisions.filter(row => row.release === component.helm?.release);
  const helm = findRunningRevision(rows);
  const workload = findWorkload(input);
  const container = component.container ?? Object.keys(workload?.images ?? {})[0];
  const image = container === undefined ? undefined : workload?.images[container];
  const version = image === undefined ? undefined : findRelease(image, input);
  const recordedImage = findRecordedImage(input, workload, container);
  const helmVersion = recordedImage === undefined ? undefined : findRelease(recordedImage, input);
  const differs = recordedImage !== undefined && recordedImage !== image;
  const since = differs ? workload?.since : (helm?.changedAt ?? workload?.since);
  return {
    ...(version === undefined ? {} : { version }),
    ...(image === undefined ? {} : { image }),
    ...(differs && helmVersion !== undefined && helmVersion !== version ? { helmVersion } : {}),
    ...(helm ? { helm } : {}),
    ...(since === undefined || image === undefined ? {} : { since }),
  };
}

/**
 * The version, its number or the commit in an image reference by a pattern such as `kosmos/agent:{version}`; `undefined`
 * when it does not fit.
 * A digest behind the tag and Docker Hub's own names do not matter. Without a pattern the tag is the version.
 */
export function findVersion(image: string, pattern: string | undefined): string | undefined {
  const reference = simplify(image);
  if (pattern === undefined) {
    return /:([\w][\w.-]*)$/.exec(reference)?.[1];
  }
  const expression = simplify(pattern)
    .split(/(\{version\}|\{number\}|\{commit\})/)
    .map((part, index, parts) => buildPart(part, parts.indexOf(part) < index))
    .join('');
  const groups = new RegExp(`^${expression}$`).exec(reference)?.groups;
  return groups?.['version'] ?? groups?.['number'] ?? groups?.['commit'];
}

/** The release of an image: where its pattern tells the number or the commit, the newest one of it, else that itself. */
export function findRelease(
  image: string,
  { pattern, releases }: { readonly pattern?: string; readonly releases: readonly ReleaseOfCommit[] },
): string | undefined {
  const found = findVersion(image, pattern);
  if (found === undefined || pattern === undefined || pattern.includes('{version}')) {
    return found;
  }
  const release = releases.find(({ version, commit }) =>
    pattern.includes('{number}') ? findNumber(version) === found : commit.startsWith(found),
  );
  return release?.version ?? found;
}

/**
 * True when a workload's image is what was asked for: Docker Hub's own names do not matter, nor does a digest behind the
 * tag, unless one was asked for.
 */
export function isSameImage(image: string, expected: string): boolean {
  const { digest } = splitReference(expected);
  return (
    simplify(image) === simplify(expected) &&
    (digest === undefined || digest === splitReference(image).digest)
  );
}

/** True for a text that can name an image: what a registry takes as repository, tag and digest. */
export function isImageReference(text: string): boolean {
  return imageReference.test(text);
}

/** The workload that the procedure names, else the first one that runs the component's image. */
export function findWorkload({ component, pattern, workloads }: WorkloadSearch): WorkloadStatus | undefined {
  const { workload } = component;
  if (workload) {
    return workloads.find(candidate => buildWorkloadKey(candidate) === buildWorkloadKey(workload));
  }
  return pattern === undefined
    ? undefined
    : workloads.find(candidate =>
        Object.values(candidate.images).some(image => findVersion(image, pattern) !== undefined),
      );
}

/** `deployment/agent-name`, as the procedure writes it. */
export function buildWorkloadKey(
  workload: Pick<WorkloadStatus, 'kind' | 'name'> | WorkloadReference,
): string {
  return `${workload.kind.toLowerCase()}/${workload.name}`;
}

const placeholders: Readonly<Record<string, string>> = {
  '{version}': '(?<version>[\\w][\\w.-]{0,127})',
  '{number}': '(?<number>[\\w][\\w.-]{0,127})',
  '{commit}': '(?<commit>[0-9a-f]{7,40})',
};

// The grammar of the container registries: an optional host, lower-case path components, tag and digest.
const host = '(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?';
const pathComponent = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const imageReference = new RegExp(
  `^${host}${pathComponent}(?:/${pathComponent})*(?::\\w[\\w.-]{0,127})?(?:@[a-z0-9]+:[0-9a-f]{32,})?$`,
);

/** A group cannot have one name twice: what stands again is what stood before. */
function buildPart(part: string, stoodBefore: boolean): string {
  const group = placeholders[part];
  return group === undefined ? escapeExpression(part) : stoodBefore ? `\\k<${part.slice(1, -1)}>` : group;
}

function escapeExpression(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function splitReference(reference: string): { readonly name: string; readonly digest?: string } {
  const [name = '', digest] = reference.split(/@(?=sha256:[0-9a-f]+$)/);
  return { name, ...(digest === undefined ? {} : { digest }) };
}

function simplify(reference: string): string {
  return splitReference(reference)
    .name.replace(/^(index\.)?docker\.io\//, '')
    .replace(/^library\//, '');
}

function findRunningRevision(rows: readonly HelmRevision[]): HelmRevision | undefined {
  const newestFirst = [...rows].sort((left, right) => right.revision - left.revision);
  return newestFirst.find(row => row.status === 'deployed') ?? newestFirst[0];
}

function findRecordedImage(
  { component, recorded }: RunningInput,
  workload: WorkloadStatus | undefined,
  container: string | undefined,
): string | undefined {
  const key = component.workload ?? workload;
  const images = key && recorded ? recorded[buildWorkloadKey(key)] : undefined;
  return container === undefined ? Object.values(images ?? {})[0] : images?.[container];
}
