import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Servers on this machine that say what a test wants. */
export class TcpServers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();

  /** Listens; gives the address, `127.0.0.1:40001`. */
  async open(serve: (socket: Socket) => void): Promise<string> {
    const server = createServer(socket => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      serve(socket);
    });
    this.#servers.push(server);
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** An address where nothing listens. */
  async findClosed(): Promise<string> {
    const address = await this.open(() => undefined);
    const server = this.#servers.pop();
    server?.close();
    return address;
  }

  /** Listens, and answers whatever is asked with `text`; then ends the connection. */
  openAnswering(text: string | Uint8Array): Promise<string> {
    return this.open(socket => socket.once('data', () => socket.end(text)));
  }

  /** How many connections stand. */
  get connections(): number {
    return this.#sockets.size;
  }

  close(): void {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    for (const server of this.#servers) {
      server.close();
    }
  }
}
