import { chmodSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { checkDoor } from './doorCheck.ts';
import type { Limits } from './limits.ts';
import type { Log } from './logFile.ts';

/** What a door needs. */
export type DoorOptions = {
  /** The absolute path of the Unix socket, in a folder that only this user can enter. */
  readonly path: string;
  readonly token: string;
  readonly limits: Limits;
  readonly log: Log;
  readonly onClient: (socket: WebSocket) => void;
};

/** An open door. */
export type Door = {
  /** Takes no new client; resolves when nothing listens any more. Clients inside stay. */
  readonly close: () => Promise<void>;
};

/** Listens on a Unix socket (0600) and lets in WebSocket clients that pass the check, and nobody else. */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { limits, path } = options;
  const webSockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: limits.payloadBytes,
    maxFragments: limits.fragments,
    maxBufferedChunks: limits.bufferedChunks,
    perMessageDeflate: false,
  });
  const server = createServer(
    {
      maxHeaderSize: 8 * 1024,
      requestTimeout: limits.handshakeMs,
      connectionsCheckingInterval: Math.min(1_000, limits.handshakeMs),
      keepAliveTimeout: 1,
    },
    (request, response) => answerHttp(options, request, response),
  );
  server.maxConnections = limits.connections;
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('upgrade', (request, socket, head) => {
    if (refuseUpgrade(options, request, socket)) {
      return;
    }
    webSockets.handleUpgrade(request, socket, head, options.onClient);
  });
  await listen(server, path);
  return { close: () => closeServer(server, path) };
}

function answerHttp(options: DoorOptions, request: IncomingMessage, response: ServerResponse): void {
  const refusal = checkDoor({ url: request.url, headers: request.headersDistinct }, options.token);
  if (refusal) {
    options.log.warn('refused at the door', { reason: refusal });
  }
  // There is no route at all: who passes the check learns no more than who does not.
  response.writeHead(refusal ? 403 : 404, refusalHeaders).end();
}

function refuseUpgrade(options: DoorOptions, request: IncomingMessage, socket: Duplex): boolean {
  const refusal = checkDoor({ url: request.url, headers: request.headersDistinct }, options.token);
  if (!refusal) {
    return false;
  }
  options.log.warn('refused at the door', { reason: refusal });
  const headers = Object.entries(refusalHeaders).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 403 Forbidden\r\n${headers.join('')}\r\n`, () => socket.destroy());
  return true;
}

const refusalHeaders = {
  'Content-Length': '0',
  'Content-Security-Policy': "default-src 'none'",
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  Connection: 'close',
} as const;

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      // The folder keeps others out in the moment before this.
      chmodSync(path, 0o600);
      resolve();
    });
  });
}

function closeServer(server: Server, path: string): Promise<void> {
  return new Promise(resolve => {
    server.close(() => {
      rmSync(path, { force: true });
      resolve();
    });
    server.closeAllConnections();
  });
}
