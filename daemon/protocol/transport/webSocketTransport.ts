import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc/node';
import type { RawData, WebSocket } from 'ws';

/** What the two ends do differently. */
export type TransportOptions = {
  /** Checks a decoded message; throws for one that may not pass. */
  readonly accept: (value: unknown) => Message;
  /** Called with the reason when something arrived that is no acceptable message. */
  readonly onUnreadable: (reason: string) => void;
  /** The most bytes that may wait to be sent when another message is added. */
  readonly queueBytes: number;
  /** Called instead of adding to a queue that is over its limit. */
  readonly onOverflow: () => void;
};

/** One JSON-RPC message per WebSocket text message; writing resolves when the bytes have left this process. */
export function buildTransport(
  socket: WebSocket,
  options: TransportOptions,
): { readonly reader: MessageReader; readonly writer: MessageWriter } {
  return {
    reader: new WebSocketReader(socket, options),
    writer: new WebSocketWriter(socket, options),
  };
}

class WebSocketReader extends AbstractMessageReader {
  readonly #socket: WebSocket;
  readonly #options: TransportOptions;

  constructor(socket: WebSocket, options: TransportOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
    socket.on('close', () => this.fireClose());
  }

  listen(callback: DataCallback): Disposable {
    const onMessage = (data: RawData, isBinary: boolean) => {
      // vscode-jsonrpc throws out of the callback for some hostile ids; that must not reach the process.
      try {
        if (isBinary) {
          throw new Error('a binary message');
        }
        callback(this.#options.accept(JSON.parse(decodeText(data))));
      } catch (error) {
        this.#options.onUnreadable(buildReason(error));
      }
    };
    this.#socket.on('message', onMessage);
    return { dispose: () => this.#socket.off('message', onMessage) };
  }
}

class WebSocketWriter extends AbstractMessageWriter implements MessageWriter {
  readonly #socket: WebSocket;
  readonly #options: TransportOptions;

  constructor(socket: WebSocket, options: TransportOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
    socket.on('close', () => this.fireClose());
  }

  write(message: Message): Promise<void> {
    if (this.#socket.bufferedAmount > this.#options.queueBytes) {
      this.#options.onOverflow();
      return Promise.reject(new Error('the queue of this connection is over its limit'));
    }
    return new Promise((resolve, reject) => {
      this.#socket.send(JSON.stringify(message), error => (error ? reject(error) : resolve()));
    });
  }

  end(): void {}
}

// A SyntaxError quotes what it could not read, and that may be a secret.
function buildReason(error: unknown): string {
  if (error instanceof SyntaxError) {
    return 'a text that is no JSON';
  }
  return error instanceof Error ? error.message : 'a message that could not be read';
}

function decodeText(data: RawData): string {
  if (Array.isArray(data)) {
    return Buffer.concat(data).toString('utf8');
  }
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}
