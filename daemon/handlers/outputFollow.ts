import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Reads a step's output and follows it for this session until it ends. */
export function handleOutputFollow({ promotions }: Services): Handler<'output.follow'> {
  return async ({ promotionId, stepId, offset }, { session }) => {
    const first = promotions.readOutput({ promotionId, stepId, offset });
    if (!first.ended) {
      const following = new AbortController();
      session.onClosed(() => following.abort());
      void (async () => {
        const more = { promotionId, stepId, offset: first.nextOffset, signal: following.signal };
        for await (const piece of promotions.followOutput(more)) {
          // Waiting for the send is back-pressure: a slow window reads its output slowly, and loses none of it.
          await session.send('output.appended', { promotionId, stepId, ...piece });
        }
      })().catch(() => following.abort());
    }
    return { text: first.text, nextOffset: first.nextOffset, ended: first.ended };
  };
}
