import { checklistProtocol } from '../../webview/protocol/checklistProtocol.ts';
import { buildPageReader } from './readPageMessage.ts';

/** Reads what the checklist's page sends. Loaded at its first message: it brings the schemas along. */
export const readChecklistMessage = buildPageReader(checklistProtocol);
