import * as z from 'zod/mini';
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

/** Opens the way to a page: what it sends is hostile until it fits the protocol; the rest is dropped and logged. */
export function openPageChannel<P extends PanelProtocol>(
  port: MessagePort,
  protocol: P,
  listener: {
    readonly onMessage: (message: FromPage<P>) => void;
    readonly onProblem: (sentence: string) => void;
  },
): PageChannel<P> {
  const subscription = port.onDidReceiveMessage(data => {
    const parsed = protocol.fromPage.safeParse(data);
    if (parsed.success) {
      listener.onMessage(parsed.data as FromPage<P>);
    } else {
      listener.onProblem(`A page sent a message that does not fit: ${z.prettifyError(parsed.error)}`);
    }
  });
  return {
    send: async message => port.postMessage(message),
    dispose: () => void subscription.dispose(),
  };
}
