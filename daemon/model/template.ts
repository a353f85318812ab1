/** What the placeholders of a procedure's texts stand for. */
export type TemplateValues = {
  readonly version: string;
  readonly environment: string;
  readonly commit: string;
};

/** Fills `{version}`, `{environment}` and `{commit}`; any other text in braces stays as it is. */
export function fillTemplate(text: string, values: TemplateValues): string {
  return text.replace(/\{(version|environment|commit)\}/g, (_, name: keyof TemplateValues) => values[name]);
}
