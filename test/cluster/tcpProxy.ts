import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can cut. */
export interface TcpProxy {
  /** `https://127.0.0.1:PORT`, in place of the server's own address. */
  readonly url: string;
  /** How many connections were opened in all. */
  opened(): number;
  /** Cuts every connection that is open. */
  cut(): void;
  /** Sends new connections to another server. */
  redirect(url: string): void;
  /** While true, new connections are refused at once. */
  refuse(refusing: boolean): void;
  /** While true, nothing passes in either direction, and nobody is told. */
  swallow(swallowing: boolean): void;
  close(): Promise<void>;
}

/** Listens on a port that the system chooses and passes everything on to `url`. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  let opened = 0;
  let refusing = false;
  let swallowing = false;
  const server = createServer(near => {
    opened += 1;
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect({ host: target.hostname, port: Number(target.port) });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', chunk => {
        if (!swallowing) {
          to.write(chunk);
        }
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const address = server.address();
  const cut = () => {
    for (const socket of sockets) {
      socket.destroy();
    }
  };
  return {
    url: `${target.protocol}//127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    opened: () => opened,
    cut,
    redirect(other) {
      target = new URL(other);
    },
    refuse(value) {
      refusing = value;
    },
    swallow(value) {
      swallowing = value;
    },
    async close() {
      cut();
      server.close();
      await once(server, 'close');
    },
  };
}
