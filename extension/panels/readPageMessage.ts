import * as z from 'zod/mini';
import type { FromPage, PanelProtocol } from '../../webview/protocol/panelProtocol.ts';
import type { PageReader } from './openPageChannel.ts';

/** Builds what reads a page's messages: hostile until they fit the protocol. */
export function buildPageReader<P extends PanelProtocol>(protocol: P): PageReader<P> {
  return data => {
    const parsed = protocol.fromPage.safeParse(data);
    return parsed.success
      ? { message: parsed.data as FromPage<P> }
      : { problem: z.prettifyError(parsed.error) };
  };
}
