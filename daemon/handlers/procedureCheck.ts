import { parseProcedure } from '../sources/procedure/parseProcedure.ts';
import type { Handler } from './requestContext.ts';

/** Checks the text of a slipway.yaml as it stands in the editor. */
export function handleProcedureCheck(): Handler<'procedure.check'> {
  return async ({ text }) => {
    const { diagnostics, anchors } = parseProcedure(text);
    return { diagnostics: [...diagnostics], anchors: [...anchors] };
  };
}
