import { connectDaemon } from '../../daemon/client/connectDaemon.ts';
import type { DaemonClient } from '../../daemon/client/daemonClient.ts';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { promote, tickChecks } from '../../sandbox/promoteOnce.ts';

type Place = { readonly environment: string; readonly release: string };
type Home = { readonly home: string; readonly folder: string };

/** Ticks every check of a release's checklist as a second window of the same person would, by the protocol. */
export function tickInOtherWindow(journey: Home, place: Place): Promise<readonly string[]> {
  return inOtherWindow(journey, (client, repositoryId) => tickChecks(client, { repositoryId, ...place }));
}

/** Promotes in a second window, by the protocol, to where the journey begins. */
export function promoteInOtherWindow(journey: Home, place: Place): Promise<void> {
  return inOtherWindow(journey, async (client, repositoryId) => {
    const promotion = await promote(client, { repositoryId, ...place });
    if (promotion.state !== 'succeeded') {
      throw new Error(`${place.release} did not reach ${place.environment}: ${promotion.reason}`);
    }
  });
}

async function inOtherWindow<T>(
  { home, folder }: Home,
  act: (client: DaemonClient, repositoryId: string) => Promise<T>,
): Promise<T> {
  const found = findDaemon(home);
  if (found.state !== 'found') {
    throw new Error('no daemon runs');
  }
  const { client } = await connectDaemon(found.discovery, { name: 'other-window', version: '0.1.0' });
  try {
    const { id } = await client.request('repository.open', { folder });
    return await act(client, id);
  } finally {
    client.close();
  }
}
