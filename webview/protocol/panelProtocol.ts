import type * as z from 'zod/mini';

/** What a page and the extension say to each other: two closed unions, each checked where it arrives. */
export type PanelProtocol<
  ToPage extends z.ZodMiniType = z.ZodMiniType,
  FromPage extends z.ZodMiniType = z.ZodMiniType,
> = {
  /** What the extension sends. */
  readonly toPage: ToPage;
  /** What the page sends. */
  readonly fromPage: FromPage;
};

/** A message to the page of a protocol. */
export type ToPage<P extends PanelProtocol> = z.output<P['toPage']>;

/** A message from the page of a protocol. */
export type FromPage<P extends PanelProtocol> = z.output<P['fromPage']>;
