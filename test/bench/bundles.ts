import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSingle, type Figure } from './figure.ts';

/** The sizes of what the build made; the extension's is what an editor loads. */
export function measureBundles(dist: string): readonly Figure[] {
  return [
    buildSingle({
      what: 'extension bundle',
      unit: 'KB',
      value: statSync(join(dist, 'extension.cjs')).size / 1000,
      aim: 500,
    }),
    buildSingle({ what: 'daemon bundle', unit: 'KB', value: statSync(join(dist, 'daemon.cjs')).size / 1000 }),
  ];
}
