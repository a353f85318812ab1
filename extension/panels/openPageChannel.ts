import type { FromPage, PanelProtocol, ToPage } from '../../webview/protocol/panelProtocol.ts';

/** The part of a webview that messages need; `vscode.Webview` is one. */
export type MessagePort = {
  postMessage(message: unknown): PromiseLike<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => unknown): { dispose(): unknown };
};

/** The way to one page. */
export type PageChannel<P extends PanelProtocol> = {
  /** Sends a message; resolves to false when the page is hidden or gone, and then the message is lost. */
  readonly send: (message: ToPage<P>) => Promise<boolean>;
  readonly dispose: () => void;
};

/** Reads what a page has sent; `problem` says what does not fit. */
export type PageReader<P extends PanelProtocol> = (
  data: unknown,
) => { readonly message: FromPage<P> } | { readonly problem: string };

/**
 * Opens the way to a page. Its messages are read in their order, from the first one on by a reader that is loaded then;
 * what does not fit is dropped and logged.
 */
export function openPageChannel<P extends PanelProtocol>(
  port: MessagePort,
  loadReader: () => Promise<PageReader<P>>,
  listener: {
    readonly onMessage: (message: FromPage<P>) => void;
    readonly onProblem: (sentence: string) => void;
  },
): PageChannel<P> {
  let isOpen = true;
  let reader: Promise<PageReader<P>> | undefined;
  let before = Promise.resolve();
  const take = async (data: unknown) => {
    reader ??= loadReader().catch((error: unknown) => {
      // The next message tries again.
      reader = undefined;
      throw error;
    });
    const read = (await reader)(data);
    if ('problem' in read) {
      listener.onProblem(`A page sent a message that does not fit: ${read.problem}`);
    } else if (isOpen) {
      listener.onMessage(read.message);
    }
  };
  const subscription = port.onDidReceiveMessage(data => {
    before = before
      .then(() => take(data))
      .catch((error: unknown) => listener.onProblem(`A page's message was not taken: ${String(error)}`));
  });
  return {
    send: async message => port.postMessage(message),
    dispose: () => {
      isOpen = false;
      subscription.dispose();
    },
  };
}
