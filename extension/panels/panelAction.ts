import type { ItemTarget } from '../state/itemTarget.ts';

/** A button of a page: the command behind it, which the page itself never names. */
export type PanelAction = {
  readonly title: string;
  readonly command: string;
  /** What the command is called with; absent = nothing. */
  readonly argument?: ItemTarget | string;
};
