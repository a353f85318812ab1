import { join } from 'node:path';
import { Clusters } from './clusters/clusters.ts';
import { LoginPrompts, type LoginPromptsOptions } from './clusters/loginPrompts.ts';
import type { Promotion } from './model/promotion.ts';
import { ChecklistService } from './promotion/checklistService.ts';
import { openWorld } from './promotion/openWorld.ts';
import { prepareRun, readBasis } from './promotion/prepareRun.ts';
import { PromotionRunner } from './promotion/promotionRunner.ts';
import { PromotionService } from './promotion/promotionService.ts';
import { startRetention } from './promotion/retention.ts';
import { buildStoreLedger } from './promotion/storeLedger.ts';
import { buildToolHost } from './promotion/toolHost.ts';
import type { EnvironmentView } from './protocol/environment.ts';
import { buildRedactor, type Redactor } from './protocol/redaction/redact.ts';
import { listSecretValues } from './protocol/redaction/secretVariables.ts';
import { Checkouts } from './sources/releases/checkouts.ts';
import { Clones } from './sources/releases/clones.ts';
import { Toolbox } from './sources/toolbox.ts';
import type { Store } from './store/store.ts';
import { buildFaults } from './tools/process/faults.ts';
import { runPlugin } from './tools/process/runPlugin.ts';
import { OpenLogs } from './watching/logs/openLogs.ts';
import { OpenRepositories } from './watching/openRepositories.ts';
import type { OpenRepository } from './watching/openRepository.ts';
import { SharedWatches } from './watching/sharedWatches.ts';

/** What the parts of a daemon are built from. */
export type ServiceOptions = {
  readonly stateFolder: string;
  readonly store: Store;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  readonly version: string;
  readonly log: (message: string) => void;
  readonly onRepositoryChanged: (repository: OpenRepository) => void;
  /** The windows, for credential plugins that have to ask a person. */
  readonly logins: LoginPromptsOptions;
  readonly onEnvironmentChanged: (repository: OpenRepository, environment: EnvironmentView) => void;
};

/** The parts of a daemon behind its handlers. */
export type DaemonServices = {
  readonly toolbox: Toolbox;
  readonly clusters: Clusters;
  readonly repositories: OpenRepositories;
  readonly runner: PromotionRunner;
  readonly promotions: PromotionService;
  /** The credential plugins that wait for a person. */
  readonly logins: LoginPrompts;
  /** Ends every pause after a failure. */
  tryAgain(): void;
  readonly checklists: ChecklistService;
  readonly logs: OpenLogs;
  /** Goes on with what ran when an earlier daemon ended. */
  recover(): void;
  dispose(): void;
};

/** Builds the parts of a daemon, from the right to the left of the import chain. */
export function buildServices(options: ServiceOptions): DaemonServices {
  const { stateFolder, store, host, log } = options;
  const runsFolder = join(stateFolder, 'runs');
  const clock = () => new Date();
  const toolbox = new Toolbox(options.env);
  const redactorOf = (_promotion: Promotion) => buildRedactor(listSecretValues(toolbox.env));
  const logins = new LoginPrompts(options.logins);
  const clusters = buildClusters(options, { toolbox, logins });
  const watches = new SharedWatches({ clusters, log });
  const checkouts = new Checkouts({ folder: join(stateFolder, 'checkouts') });
  const repositories = buildRepositories(options, { toolbox, clusters, watches, checkouts });
  const logs = new OpenLogs({ folder: join(stateFolder, 'logs'), repositories, clusters, watches });
  const runner = buildRunner(options, { toolbox, clusters, watches, repositories, redactorOf, runsFolder });
  const promotions = new PromotionService({
    store,
    repositories,
    toolbox,
    runner,
    redactorOf,
    runsFolder,
    host,
    clock,
  });
  const checklists = new ChecklistService({ store, repositories, clock, log });
  let retention: { dispose(): void } | undefined;
  return {
    toolbox,
    clusters,
    repositories,
    runner,
    promotions,
    checklists,
    logs,
    logins,
    tryAgain: () => {
      clusters.reload();
      watches.retry();
    },
    recover: () => {
      retention = startRetention({ store, checkouts, runsFolder, log });
      for (const promotion of store.promotions.running()) {
        log(`going on with ${promotion.id}`);
        runner.drive(promotion.id);
      }
    },
    dispose: () => {
      retention?.dispose();
      checklists.dispose();
      logs.dispose();
      repositories.dispose();
      watches.dispose();
      clusters.dispose();
    },
  };
}

function buildClusters(
  { stateFolder, version }: ServiceOptions,
  { toolbox, logins }: Pick<DaemonServices, 'toolbox' | 'logins'>,
): Clusters {
  return new Clusters({
    prompts: logins,
    kubeconfigPaths: () => toolbox.kubeconfigPaths(),
    environment: () => toolbox.env,
    runCredentialPlugin: run =>
      runPlugin(run, { env: toolbox.env, kubeconfig: toolbox.kubeconfigPaths()[0] ?? stateFolder }),
    userAgent: `slipway/${version}`,
  });
}

function buildRepositories(
  { stateFolder, store, log, onRepositoryChanged, onEnvironmentChanged }: ServiceOptions,
  parts: Pick<DaemonServices, 'toolbox' | 'clusters'> & {
    readonly watches: SharedWatches;
    readonly checkouts: Checkouts;
  },
): OpenRepositories {
  const { toolbox, clusters, watches, checkouts } = parts;
  return new OpenRepositories({
    prepare: async () => {
      await toolbox.prepare();
      const git = { path: toolbox.find('git'), env: toolbox.env };
      return {
        git,
        clones: new Clones({ git, folder: join(stateFolder, 'repositories') }),
        checkouts,
        clusters,
        watches,
        store,
        log,
        onRepositoryChanged,
        onEnvironmentChanged,
      };
    },
  });
}

function buildRunner(
  { store, env, log }: ServiceOptions,
  parts: Pick<DaemonServices, 'toolbox' | 'clusters' | 'repositories'> & {
    readonly watches: SharedWatches;
    readonly redactorOf: (promotion: Promotion) => Redactor;
    readonly runsFolder: string;
  },
): PromotionRunner {
  const { toolbox, clusters, watches, repositories, redactorOf, runsFolder } = parts;
  const faults = buildFaults(env);
  const folderOf = (repositoryId: string) => store.records.repositories.folderOf(repositoryId);
  return new PromotionRunner({
    ledger: buildStoreLedger({ store, redactorOf, runsFolder }),
    tools: buildToolHost(toolbox, faults),
    readBasis: async (promotion, need) => {
      await toolbox.prepare();
      return readBasis(promotion, need, { repositories, clusters, folderOf });
    },
    prepare: (promotion, basis) => prepareRun(promotion.id, basis, runsFolder),
    openWorld: async promotion => {
      await toolbox.prepare();
      return openWorld(promotion, { clusters, watches });
    },
    fault: point => faults.at(point),
    log,
  });
}
