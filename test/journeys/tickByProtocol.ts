import { connectDaemon } from '../../daemon/client/connectDaemon.ts';
import { findDaemon } from '../../daemon/client/findDaemon.ts';
import { tickChecks } from '../../sandbox/promoteOnce.ts';

/** Ticks every check of a release's checklist as a second window of the same person would, by the protocol. */
export async function tickByProtocol(
  journey: { readonly home: string; readonly folder: string },
  place: { readonly environment: string; readonly release: string },
): Promise<readonly string[]> {
  const found = findDaemon(journey.home);
  if (found.state !== 'found') {
    throw new Error('no daemon runs');
  }
  const { client } = await connectDaemon(found.discovery, { name: 'other-window', version: '0.1.0' });
  try {
    const { id: repositoryId } = await client.request('repository.open', { folder: journey.folder });
    return await tickChecks(client, { repositoryId, ...place });
  } finally {
    client.close();
  }
}
