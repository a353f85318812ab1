import type { checklistProtocol } from '../protocol/checklistProtocol.ts';
import type { FromPage } from '../protocol/panelProtocol.ts';

/** Sends what the person does to the extension. */
export type Send = (message: FromPage<typeof checklistProtocol>) => void;
