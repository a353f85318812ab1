import { parseArgs } from 'node:util';
import { openClusters } from '../cluster/openClusters.ts';

/**
 * A program that follows one container's log and does nothing but count its lines: what a follower costs at least.
 * Prints `live` when it follows, and the time in milliseconds since 1970 at which it had seen `--lines` more.
 */
const { values } = parseArgs({
  options: {
    kubeconfig: { type: 'string', default: '' },
    context: { type: 'string', default: '' },
    path: { type: 'string', default: '' },
    lines: { type: 'string', default: '0' },
  },
});
const clusters = openClusters([values.kubeconfig]);
const stream = await clusters.open(values.context).connection.stream({
  path: values.path,
  query: { follow: true, timestamps: true, tailLines: 0 },
  accept: '*/*',
});
process.stdout.write('live\n');
let rest = Number(values.lines);
for await (const chunk of stream) {
  for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) {
    rest -= 1;
  }
  if (rest <= 0) {
    process.stdout.write(`${performance.timeOrigin + performance.now()}\n`);
    break;
  }
}
clusters.dispose();
