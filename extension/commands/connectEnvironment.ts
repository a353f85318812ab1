import * as vscode from 'vscode';
import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import type { Result } from '../../daemon/protocol/messages.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { pickEnvironment } from './pickEnvironment.ts';
import { pickReadyRepository } from './pickRepository.ts';
import { type PickItem, pickOne } from './pickStep.ts';
import { runInView } from './runCancellable.ts';

/** A login may have to wait for the person. */
const connectMs = 6 * 60_000;

type ContextView = Result<'environment.contexts'>['contexts'][number];

/** Asks for the kubeconfig context of an environment, and has it watched from now on. */
export async function connectEnvironment(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const repository = await pickReadyRepository(context, target);
  const environment =
    repository &&
    (await pickEnvironment(context, repository, {
      target,
      title: t('Connect Environment'),
      placeholder: t('Which environment?'),
    }));
  if (repository && environment) {
    await connectByPick(context, repository, environment);
  }
}

/** Connects every environment that is not connected: one list to confirm, the suggested contexts ticked. */
export async function connectAllEnvironments(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const repository = await pickReadyRepository(context, target);
  const waiting =
    repository?.environments.filter(({ connection }) => connection.state === 'notConnected') ?? [];
  if (repository && waiting.length === 0) {
    void vscode.window.showInformationMessage(t('Every environment is connected already.'));
  }
  if (!repository || waiting.length === 0) {
    return;
  }
  const offers = await Promise.all(
    waiting.map(environment => readContexts(context, repository, environment)),
  );
  const items = waiting.flatMap((environment, index) => {
    const suggested = offers[index]?.contexts.find(candidate => candidate.suggested);
    return suggested ? [buildOffer(environment, suggested, t)] : [];
  });
  const chosen =
    items.length === 0
      ? []
      : await vscode.window.showQuickPick(items, {
          title: t('Connect Environments'),
          placeHolder: t('Which ones may Slipway read from now on?'),
          canPickMany: true,
          ignoreFocusOut: true,
        });
  for (const item of chosen ?? []) {
    await connect(context, repository, item.value);
  }
  const unsuggested = waiting.filter(({ name }) => !items.some(item => item.value.environment === name));
  for (const environment of chosen ? unsuggested : []) {
    await connectByPick(context, repository, environment);
  }
}

/** Connects an environment that is not yet; false when the person left instead. */
export async function connectBefore(
  context: CommandContext,
  repository: RepositoryView,
  environment: EnvironmentView,
): Promise<boolean> {
  return environment.connection.state !== 'notConnected' || connectByPick(context, repository, environment);
}

async function connectByPick(
  context: CommandContext,
  repository: RepositoryView,
  environment: EnvironmentView,
): Promise<boolean> {
  const { t } = context.words;
  const { contexts, kubeconfigs } = await readContexts(context, repository, environment);
  if (contexts.length === 0) {
    throw new CommandFailure(
      'unknownContext',
      t('No kubeconfig names a context. Looked in: {0}', kubeconfigs.join(', ') || t('nowhere')),
      t('Set KUBECONFIG in your login shell, or the setting slipway.kubeconfig.'),
    );
  }
  const picked = await pickOne<string>({
    title: t('Connect {0}', environment.name),
    placeholder: t('Through which context may Slipway read it from now on?'),
    items: contexts
      .toSorted((a, b) => Number(b.suggested) - Number(a.suggested))
      .map(candidate => buildContextItem(candidate, t)),
  });
  if (picked === undefined) {
    return false;
  }
  await connect(context, repository, { environment: environment.name, context: picked });
  return true;
}

function readContexts(
  { daemon }: CommandContext,
  repository: RepositoryView,
  environment: EnvironmentView,
): Promise<Result<'environment.contexts'>> {
  return daemon.request('environment.contexts', {
    repositoryId: repository.id,
    environment: environment.name,
  });
}

async function connect(
  { daemon, store }: CommandContext,
  repository: RepositoryView,
  choice: { readonly environment: string; readonly context: string },
): Promise<void> {
  const environment = await runInView(() =>
    daemon.request(
      'environment.connect',
      { repositoryId: repository.id, ...choice },
      { timeoutMs: connectMs },
    ),
  );
  store.apply({ type: 'environmentChanged', repositoryId: repository.id, environment });
}

function buildContextItem(candidate: ContextView, t: CommandContext['words']['t']): PickItem<string> {
  return {
    label: candidate.suggested ? `$(star-full) ${candidate.name}` : candidate.name,
    description: candidate.suggested ? t('suggested') : '',
    detail: [
      candidate.server,
      t('user {0}', candidate.user),
      ...(candidate.namespace ? [candidate.namespace] : []),
    ].join(' \u00b7 '),
    value: candidate.name,
  };
}

function buildOffer(
  environment: EnvironmentView,
  candidate: ContextView,
  t: CommandContext['words']['t'],
): PickItem<{ readonly environment: string; readonly context: string }> {
  return {
    label: environment.name,
    description: t('context {0}', candidate.name),
    detail: `${candidate.server} \u00b7 ${t('user {0}', candidate.user)}`,
    picked: true,
    value: { environment: environment.name, context: candidate.name },
  };
}
