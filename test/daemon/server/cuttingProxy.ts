import { connect, createServer, type Socket } from 'node:net';

/** A way to a daemon that breaks: each connection ends after its number of bytes from the daemon. */
export type CuttingProxy = {
  readonly path: string;
  /** How many connections were cut. */
  readonly cuts: () => number;
  readonly close: () => Promise<void>;
};

/** Listens at `path` and relays to `target`; `bytes` gives the length of each connection's life, then no limit. */
export async function startCuttingProxy(options: {
  readonly path: string;
  readonly target: string;
  readonly bytes: readonly number[];
}): Promise<CuttingProxy> {
  const left = [...options.bytes];
  const open = new Set<Socket>();
  let cuts = 0;
  const server = createServer(client => {
    let budget = left.shift() ?? Number.POSITIVE_INFINITY;
    const daemon = connect(options.target);
    for (const socket of [client, daemon]) {
      open.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => open.delete(socket));
    }
    client.on('data', chunk => daemon.write(chunk));
    client.on('close', () => daemon.destroy());
    daemon.on('close', () => client.destroy());
    daemon.on('data', chunk => {
      client.write(chunk.subarray(0, budget));
      budget -= chunk.length;
      if (budget <= 0) {
        cuts++;
        // What was written still arrives: the cut is in the middle of a message, not before it.
        client.end();
        daemon.destroy();
      }
    });
  });
  await new Promise<void>(resolve => server.listen(options.path, resolve));
  return {
    path: options.path,
    cuts: () => cuts,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of open) {
          socket.destroy();
        }
      }),
  };
}
