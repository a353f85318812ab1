/** What a test adds to a small procedure that is otherwise sound. */
export type TextParts = {
  /** Lines at the top level. */
  readonly top?: readonly string[];
  /** Lines below environments.production, without indent. */
  readonly production?: readonly string[];
  /** Lines below components.agent, without indent; replaces the Helm method. */
  readonly component?: readonly string[];
};

/** Builds the text of a small sound slipway.yaml: development, then production, one component by Helm. */
export function buildText(parts: TextParts = {}): string {
  const component = parts.component ?? ['methods: {helm: {release: kosmos, chart: charts/kosmos}}'];
  return [
    'apiVersion: slipway.dev/v1',
    'kind: Procedure',
    'name: kosmos',
    'components:',
    '  agent:',
    ...component.map(line => `    ${line}`),
    'environments:',
    '  development:',
    '    cluster: {namespace: kosmos-development}',
    '  production:',
    '    after: development',
    '    cluster: {namespace: kosmos}',
    ...(parts.production ?? []).map(line => `    ${line}`),
    ...(parts.top ?? []),
    '',
  ].join('\n');
}
