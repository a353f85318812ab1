import * as z from 'zod/mini';
import type { FromPage, PanelProtocol, ToPage } from '../protocol/panelProtocol.ts';

/** The extension, as a page sees it. */
export type Host<P extends PanelProtocol> = {
  /** Sends a message to the extension. */
  readonly send: (message: FromPage<P>) => void;
  /** Keeps what a page of its kind needs when it is shown again; it must survive `structuredClone`. */
  readonly keep: (state: unknown) => void;
  /** What was kept by an earlier page; unchecked, so parse it. */
  readonly kept: unknown;
};

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
  getState(): unknown;
};

/**
 * Connects a page with the extension. Messages that do not fit the protocol are dropped and reported to the console:
 * a page must never act on something that it does not understand.
 */
export function connectHost<P extends PanelProtocol>(
  protocol: P,
  onMessage: (message: ToPage<P>) => void,
): Host<P> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    const parsed = protocol.toPage.safeParse(data);
    if (parsed.success) {
      onMessage(parsed.data as ToPage<P>);
    } else {
      // biome-ignore lint/suspicious/noConsole: the webview's developer tools are the only place that shows a defect of ours.
      console.error(`slipway: a message was dropped: ${z.prettifyError(parsed.error)}`);
    }
  });
  return {
    send: message => api.postMessage(message),
    keep: state => api.setState(state),
    kept: api.getState(),
  };
}
