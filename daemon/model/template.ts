/** What the placeholders of a procedure's texts stand for. */
export type TemplateValues = {
  readonly version: string;
  readonly environment: string;
  readonly commit: string;
};

/** Fills `{version}`, `{number}`, `{environment}` and `{commit}`; any other text in braces stays as it is. */
export function fillTemplate(text: string, values: TemplateValues): string {
  const filled = { ...values, number: findNumber(values.version) };
  return text.replace(
    /\{(version|number|environment|commit)\}/g,
    (_, name: keyof typeof filled) => filled[name],
  );
}

/**
 * The number in a version, as images are mostly tagged: 1.2.3 of `v1.2.3` and of `agent/v1.2.3`, 2024-05 of
 * `release-2024-05`. A name without any digit stays as it is.
 */
export function findNumber(version: string): string {
  const name = version.slice(version.lastIndexOf('/') + 1);
  const start = name.search(/\d/);
  return start < 0 ? name : name.slice(start);
}
