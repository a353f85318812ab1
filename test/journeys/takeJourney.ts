import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import type { Sandbox } from '../../sandbox/startCluster.ts';
import { type Journey, replaceHelm, startJourney } from './startJourney.ts';

type Walk = (journey: Journey) => Promise<void>;

/** Goes a journey in an editor of its own, and keeps a picture of where it failed. */
export async function takeJourney(cluster: Sandbox, name: string, walk: Walk): Promise<void> {
  const journey = await startJourney({ cluster });
  try {
    await walk(journey);
  } catch (error) {
    await journey.workbench.screenshot(`journey-${name}-failed`);
    throw error;
  } finally {
    await journey.end();
  }
}

/** Goes a journey where helm is the program `true`, and sees it fail: a journey that could pass there proves nothing. */
export async function failWithoutHelm(cluster: Sandbox, walk: Walk): Promise<void> {
  const toolFolder = await replaceHelm(cluster);
  const journey = await startJourney({ cluster, toolFolder });
  try {
    await assert.rejects(walk(journey), /helm/i);
  } finally {
    await journey.end();
    await rm(toolFolder, { recursive: true });
  }
}
