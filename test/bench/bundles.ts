import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSingle, type Figure } from './figure.ts';

/** The sizes of what the build made; the extension's is what an editor loads. */
export function measureBundles(dist: string): readonly Figure[] {
  const sizeOf = (name: string) => statSync(join(dist, name)).size / 1000;
  const ofEditor = readdirSync(dist).filter(name => name.endsWith('.cjs') && name !== 'daemon.cjs');
  return [
    buildSingle({
      what: 'extension bundle, with what it loads later',
      unit: 'KB',
      value: ofEditor.map(sizeOf).reduce((sum, size) => sum + size, 0),
      aim: 500,
    }),
    buildSingle({
      what: 'extension bundle, loaded at activation',
      unit: 'KB',
      value: sizeOf('extension.cjs'),
    }),
    buildSingle({ what: 'daemon bundle', unit: 'KB', value: sizeOf('daemon.cjs') }),
  ];
}
