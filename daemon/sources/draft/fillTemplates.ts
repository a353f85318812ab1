/** What a chart's templates are filled with where helm does not do it. */
export type TemplateInput = {
  readonly release: string;
  readonly chart: string;
  /** The chart's values. */
  readonly values: unknown;
  /** Value path to what it is set to: `image.tag`. */
  readonly set: Readonly<Record<string, string>>;
};

/**
 * Fills a template as far as that goes without helm: names, values, the usual includes. Conditions count as true, and
 * what is not understood becomes a word. Enough to read the names and images of workloads, and no more.
 */
export function fillChartTemplate(template: string, input: TemplateInput): string {
  return writeIndexAsPath(template)
    .replaceAll(/\{\{-?\s*\/\*[\s\S]*?\*\/\s*-?\}\}/g, '')
    .split('\n')
    .filter(line => !/^\s*\{\{-?[^}]*\}\}\s*$/.test(line))
    .map(line =>
      line.replaceAll(/\{\{-?(?<expression>[^}]*?)-?\}\}/g, (_, text: string) => fill(text, input)),
    )
    .join('\n');
}

/** Writes `index .Values "web-app" "tag"`, which a key with a hyphen needs, as the path that it means: `.Values.web-app.tag`. */
export function writeIndexAsPath(template: string): string {
  return template.replaceAll(
    /\(?\bindex\s+\.Values(?<steps>(?:\s+"[\w-]+")+)(?:\s*\))?/g,
    (_, steps: string) => `.Values.${unquote(steps).trim().split(/\s+/).join('.')}`,
  );
}

function fill(expression: string, input: TemplateInput): string {
  const [first = '', ...pipes] = expression.split('|').map(part => part.trim());
  const value = evaluate(first, input);
  // `.Values.image.tag | default .Chart.AppVersion`
  const fallback = pipes.find(pipe => pipe.startsWith('default '));
  return value || (fallback ? evaluate(fallback.slice('default '.length), input) : '') || 'unknown';
}

function evaluate(text: string, input: TemplateInput): string {
  const words = text.match(/"[^"]*"|\S+/g) ?? [];
  const [verb = '', ...rest] = words;
  if (verb === 'include' || verb === 'template') {
    return evaluateInclude(rest[0] ?? '', input);
  }
  if (verb === 'default' || verb === 'required') {
    return evaluate(rest[1] ?? '', input) || evaluate(rest[0] ?? '', input);
  }
  if (verb === 'quote' || verb === 'squote' || verb === 'tpl' || verb === 'toString') {
    return evaluate(rest[0] ?? '', input);
  }
  if (verb === 'printf') {
    const values = rest.slice(1).map(word => evaluate(word, input));
    return unquote(rest[0] ?? '').replaceAll(/%[sv]/g, () => values.shift() ?? '');
  }
  return evaluateWord(verb, input);
}

function evaluateWord(word: string, { release, chart, values, set }: TemplateInput): string {
  const plain = word.replace(/^[($]+/, '').replace(/\)+$/, '');
  if (plain.startsWith('"')) {
    return unquote(plain);
  }
  if (plain === '.Release.Name') {
    return release;
  }
  if (plain === '.Chart.Name') {
    return chart;
  }
  if (plain.startsWith('.Values.')) {
    const path = plain.slice('.Values.'.length);
    return set[path] ?? readValue(values, path.split('.'));
  }
  return '';
}

/** The names that `helm create` gives to its own templates, and most charts with it. */
function evaluateInclude(name: string, { release, chart }: TemplateInput): string {
  const fullName = release.includes(chart) ? release : `${release}-${chart}`;
  return /fullname"?$/i.test(name) ? fullName : /\bname"?$/i.test(name) ? chart : '';
}

function readValue(values: unknown, path: readonly string[]): string {
  let value = values;
  for (const step of path) {
    value =
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function unquote(text: string): string {
  return text.replaceAll('"', '');
}
