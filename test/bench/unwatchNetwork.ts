import type { Page } from 'playwright-core';

/** What is inside a page of Playwright's, of which nothing is told to those who use it. */
type Inside = {
  readonly _connection: {
    readonly toImpl: (page: Page) => {
      readonly delegate: {
        readonly _mainFrameSession: { readonly _client: { send(method: string): Promise<unknown> } };
      };
    };
  };
};

/**
 * Ends that the browser tells Playwright of what the page loads, over reloads too. It tells of every frame of a WebSocket
 * with its content, 25 MB for each load of VS Code's window, and the collector of whoever measures then takes up to a seventh
 * of the processor time that is measured. Playwright has no option against it (1.65: `Network.enable` in its
 * network manager). Nothing can be waited for by requests, responses or `networkidle` any more.
 */
export async function unwatchNetwork(page: Page): Promise<void> {
  const { delegate } = (page as unknown as Inside)._connection.toImpl(page);
  await delegate._mainFrameSession._client.send('Network.disable');
}
