/** The schemes of the documents that Slipway shows read-only. */
export const documentSchemes = {
  plan: 'slipway-plan',
  planText: 'slipway-plan-text',
  timeline: 'slipway-timeline',
  setup: 'slipway-setup',
  text: 'slipway',
} as const;

/** Where a document is: the path is its title's last part, the query says which one it is. */
export type DocumentPlace = { readonly scheme: string; readonly path: string; readonly query: string };

/** The place of a plan's document. */
export function buildPlanPlace(plan: { readonly id: string; readonly title: string }): DocumentPlace {
  return { scheme: documentSchemes.plan, path: `/${buildFileName(plan.title)}.md`, query: plan.id };
}

/** The place of one side of a plan's diffs. */
export function buildPlanTextPlace(side: {
  readonly planId: string;
  readonly text: string;
  readonly title: string;
}): DocumentPlace {
  return {
    scheme: documentSchemes.planText,
    path: `/${buildFileName(side.title)}.yaml`,
    query: `${side.planId}/${side.text}`,
  };
}

/** The place of a promotion's timeline. */
export function buildTimelinePlace(promotion: {
  readonly id: string;
  readonly title: string;
}): DocumentPlace {
  return {
    scheme: documentSchemes.timeline,
    path: `/${buildFileName(promotion.title)}.md`,
    query: promotion.id,
  };
}

/** The place of the setup. */
export function buildSetupPlace(title: string): DocumentPlace {
  return { scheme: documentSchemes.setup, path: `/${buildFileName(title)}.md`, query: '' };
}

/** The place of a text that a command wrote. */
export function buildTextPlace(title: string): DocumentPlace {
  return { scheme: documentSchemes.text, path: `/${buildFileName(title)}.md`, query: '' };
}

/** The place of a log, or a line of one, that was opened as a document. */
export function buildLogTextPlace(title: string): DocumentPlace {
  return { scheme: documentSchemes.text, path: `/${buildFileName(title)}.log`, query: '' };
}

/** A title as one path segment. */
function buildFileName(title: string): string {
  return title.replace(/[/\\?#:*"<>|]/g, '-');
}
