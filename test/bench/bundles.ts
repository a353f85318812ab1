import { statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSingle, type Figure } from './figure.ts';

/** The sizes of what the build made; the extension's is what an editor loads. */
export function measureBundles(dist: string): readonly Figure[] {
  const sizeOf = (name: string) => statSync(join(dist, name)).size / 1000;
  return [
    buildSingle({
      what: 'extension bundle, with its connection',
      unit: 'KB',
      value: sizeOf('extension.cjs') + sizeOf('connection.cjs'),
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
