import type { ItemTarget } from '../state/itemTarget.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { pickRepository } from './pickRepository.ts';
import { pickOne } from './pickStep.ts';

/** Withdraws the consent to read an environment's cluster. */
export async function disconnectEnvironment(context: CommandContext, target: ItemTarget): Promise<void> {
  const { daemon, store, words } = context;
  const repository = await pickRepository(context, target);
  if (!repository) {
    return;
  }
  const connected = repository.environments.filter(({ connection }) => connection.state !== 'notConnected');
  if (connected.length === 0) {
    throw new CommandFailure('notConnected', words.t('No environment is connected.'), undefined);
  }
  const environment =
    connected.find(({ name }) => name === target.environment) ??
    (await pickOne({
      title: words.t('Disconnect Environment'),
      placeholder: words.t('Which environment?'),
      items: connected.map(value => ({
        label: value.name,
        description: value.connection.context ?? '',
        value,
      })),
    }));
  if (environment) {
    const changed = await daemon.request('environment.disconnect', {
      repositoryId: repository.id,
      environment: environment.name,
    });
    store.apply({ type: 'environmentChanged', repositoryId: repository.id, environment: changed });
  }
}
