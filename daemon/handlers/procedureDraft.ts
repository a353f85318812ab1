import { draftProcedure } from '../sources/draft/draftProcedure.ts';
import type { Handler } from './requestContext.ts';
import type { Services } from './services.ts';

/** Drafts a procedure for a repository that has none. */
export function handleProcedureDraft({ toolbox }: Services): Handler<'procedure.draft'> {
  return async (params, { signal }) => {
    const draft = await draftProcedure(params, { toolbox, signal });
    const { file, exists, text, cursor, decisions } = draft;
    return {
      file,
      exists,
      text,
      cursor: { ...cursor },
      decisions,
      questions: [...draft.questions],
      charts: draft.charts.map(({ path, name, workload }) => ({
        path,
        name,
        ...(workload ? { workload: workload.workload } : {}),
      })),
      environments: draft.environments.map(environment => ({ ...environment })),
    };
  };
}
