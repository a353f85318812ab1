import type { Trust } from '../model/digests/trust.ts';
import type { Promotion } from '../model/promotion.ts';
import type { EnvironmentView } from '../protocol/environment.ts';
import type { RepositoryView } from '../protocol/repository.ts';
import type { GoverningPolicy } from '../sources/procedure/governingPolicy.ts';
import type { Repository } from '../sources/releases/findRepository.ts';
import type { PromotionSummary } from '../store/promotions.ts';
import { buildReleaseViews, pickShownReleases } from './releaseViews.ts';
import type { RepositoryContents } from './repositoryContents.ts';

/** What the view of a repository is built from. */
export type RepositoryViewInput = {
  readonly repository: Repository;
  readonly contents: Pick<RepositoryContents, 'policy' | 'misplaced' | 'head' | 'releases' | 'notices'>;
  readonly trust: Trust;
  readonly environments: readonly EnvironmentView[];
  /** Newest first. */
  readonly promotions: readonly Promotion[];
  /** Newest first, further back than the promotions. */
  readonly summaries: readonly PromotionSummary[];
};

/** Builds everything that the trees show of a repository. */
export function buildRepositoryView(input: RepositoryViewInput): RepositoryView {
  const { repository, contents, trust, environments, summaries } = input;
  const { policy, releases } = contents;
  return {
    id: repository.id,
    folder: repository.folder,
    name: policy?.procedure?.name ?? repository.folder.split('/').at(-1) ?? '',
    procedure: buildProcedureState(policy),
    ...(contents.misplaced ? { misplaced: { ...contents.misplaced } } : {}),
    diagnostics: [...(policy?.workingTree?.diagnostics ?? [])],
    policy: {
      from: policy?.from ?? '',
      workingTreeDiffers: policy?.workingTreeDiffers ?? false,
      ...(policy?.commit === undefined ? {} : { commit: policy.commit }),
      ...(policy?.advice === undefined ? {} : { advice: policy.advice }),
      ...(policy?.problem === undefined ? {} : { problem: policy.problem }),
    },
    trust: {
      state: trust.state,
      commandsDigest: trust.commandsDigest,
      commands: trust.commands.map(command => [...command]),
      added: trust.added.map(command => [...command]),
      removed: trust.removed.map(command => [...command]),
    },
    head: { ...contents.head },
    notices: [...contents.notices],
    environments: [...environments],
    releases: buildReleaseViews({
      releases: pickShownReleases(releases, environments),
      environments,
      summaries,
    }),
    releaseCount: releases.length,
    promotions: [...input.promotions],
  };
}

function buildProcedureState(policy: GoverningPolicy | undefined): RepositoryView['procedure'] {
  if (policy?.workingTree?.diagnostics.some(({ severity }) => severity === 'error')) {
    return 'invalid';
  }
  return policy?.procedure ? 'valid' : policy?.workingTree ? 'invalid' : 'missing';
}
