import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';

const portsSchema = z.object({
  etcd: z.int(),
  etcdPeer: z.int(),
  apiServer: z.int(),
  kwok: z.int(),
});

/** The ports of 127.0.0.1 one cluster listens on. */
export type Ports = Readonly<z.infer<typeof portsSchema>>;

/**
 * Returns the ports written in `file` when all of them are free, else ports picked by the system, written there.
 *
 * A restarted cluster thus keeps its address where that is possible, and open clients find it again.
 */
export async function choosePorts(file: string, options: { anew: boolean }): Promise<Ports> {
  const kept = options.anew ? undefined : await readPorts(file);
  if (kept !== undefined && (await becomeFree(Object.values(kept)))) {
    return kept;
  }
  const [etcd = 0, etcdPeer = 0, apiServer = 0, kwok = 0] = await pickFree(4);
  const ports = { etcd, etcdPeer, apiServer, kwok };
  await writeFile(file, JSON.stringify(ports), { mode: 0o600 });
  return ports;
}

/** Picks one more port that is free now. */
export async function pickFreePort(): Promise<number> {
  const [port = 0] = await pickFree(1);
  return port;
}

async function readPorts(file: string): Promise<Ports | undefined> {
  try {
    return portsSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** A killed API server's port stays busy for a moment: waits 3 s. */
async function becomeFree(ports: readonly number[]): Promise<boolean> {
  for (let attempt = 0; attempt < 30; attempt += 1) {
    if (await allFree(ports)) {
      return true;
    }
    await wait(100);
  }
  return false;
}

async function allFree(ports: readonly number[]): Promise<boolean> {
  const results = await Promise.all(ports.map(async port => (await listenOn(port)) !== undefined));
  return results.every(Boolean);
}

/** All are held at once before any is given back, so the system cannot name one twice. */
async function pickFree(count: number): Promise<number[]> {
  const held = await Promise.all(Array.from({ length: count }, () => hold(0)));
  const ports = held.map(one => one.port);
  await Promise.all(held.map(one => one.giveBack()));
  return ports;
}

async function listenOn(port: number): Promise<number | undefined> {
  try {
    const held = await hold(port);
    await held.giveBack();
    return held.port;
  } catch {
    return undefined;
  }
}

function hold(port: number): Promise<{ port: number; giveBack: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : 0,
        giveBack: () => new Promise(done => server.close(() => done())),
      });
    });
  });
}
