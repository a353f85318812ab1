import type { EnvironmentView } from '../../daemon/protocol/environment.ts';
import { findLogWorkload } from '../state/findLogWorkload.ts';
import type { ItemTarget } from '../state/itemTarget.ts';
import { findEnvironment } from '../state/storeState.ts';
import { buildProgressText } from '../workloadWords.ts';
import type { CommandContext } from './commandContext.ts';
import { CommandFailure } from './commandFailure.ts';
import { connectBefore } from './connectEnvironment.ts';
import { pickEnvironment } from './pickEnvironment.ts';
import { pickRepository } from './pickRepository.ts';
import { pickOne } from './pickStep.ts';

/** How long an environment that was just connected may take to say what runs there, in milliseconds. */
const firstLookMs = 10_000;

/** Opens the log of a workload: the one that was pointed at, or the one that the person picks. */
export async function tailLogs(context: CommandContext, target: ItemTarget): Promise<void> {
  const { t } = context.words;
  const repository = await pickRepository(context, target);
  const environment =
    repository &&
    (await pickEnvironment(context, repository, {
      target,
      title: t('Tail Logs'),
      placeholder: t('Of which environment?'),
    }));
  if (!repository || !environment || !(await connectBefore(context, repository, environment))) {
    return;
  }
  const place = { repositoryId: repository.id, environment: environment.name };
  const workload = target.workload ?? (await pickWorkload(context, place, target));
  if (workload !== undefined) {
    await context.logs.open({ ...place, workload });
  }
}

/** The failing workload of the step that was pointed at, the only one, or the one that the person picks. */
async function pickWorkload(
  context: CommandContext,
  place: { readonly repositoryId: string; readonly environment: string },
  { stepId }: ItemTarget,
): Promise<string | undefined> {
  const { t } = context.words;
  const environment = await waitForWorkloads(context, place);
  const meant = findLogWorkload(environment, { fromStep: stepId !== undefined });
  if (meant !== undefined) {
    return meant;
  }
  const items = (environment?.workloads ?? []).map(workload => ({
    label: workload.name,
    description: workload.kind,
    detail: buildProgressText(workload, t),
    value: `${workload.kind.toLowerCase()}/${workload.name}`,
  }));
  if (items.length === 0) {
    throw new CommandFailure(
      'unknownWorkload',
      t('Nothing runs in {0}.', place.environment),
      t('Promote a release to it first.'),
    );
  }
  return pickOne({ title: t('Tail Logs'), placeholder: t('Of which workload?'), items });
}

/** The environment as soon as its cluster has said what runs there. */
function waitForWorkloads(
  { store }: CommandContext,
  place: { readonly repositoryId: string; readonly environment: string },
): Promise<EnvironmentView | undefined> {
  const read = () => findEnvironment(store.state, place.repositoryId, place.environment);
  const isKnown = () => (read()?.workloads.length ?? 0) > 0 || read()?.connection.state === 'live';
  if (isKnown()) {
    return Promise.resolve(read());
  }
  return new Promise(resolve => {
    const finish = () => {
      clearTimeout(timer);
      stop();
      resolve(read());
    };
    const timer = setTimeout(finish, firstLookMs);
    const stop = store.onDidChange(() => {
      if (isKnown()) {
        finish();
      }
    });
  });
}
