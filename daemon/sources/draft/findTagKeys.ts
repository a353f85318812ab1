import { writeIndexAsPath } from './fillTemplates.ts';

/** A value of a chart by its path: `['image', 'tag']`. */
export type ValuePath = readonly string[];

/** How many values are tried at most: a chart with more of them is no single unit. */
const mostKeys = 20;

/**
 * Finds the values of a chart that could set an image's tag, the likeliest first: those that the templates put after an
 * image's colon, then those that lie beside an image in the values. Values of dependencies are none of its own.
 */
export function findTagKeys(chart: {
  readonly values: unknown;
  readonly templates: readonly string[];
  readonly dependencies: readonly string[];
}): readonly string[] {
  const used = chart.templates.map(writeIndexAsPath).flatMap(findUsedKeys);
  const given = listGivenKeys(chart.values, []);
  const keys = [...used, ...given].filter(([first = '']) => !chart.dependencies.includes(first));
  const texts = [...new Set(keys.filter(path => path.every(isPlainStep)).map(path => path.join('.')))];
  return texts.slice(0, mostKeys);
}

/** The values that the templates use as the tag of an image: what stands last in a line with `image:`. */
function findUsedKeys(template: string): readonly ValuePath[] {
  return [...template.matchAll(/^\s*-?\s*image:\s*(?<rest>.*)$/gm)].flatMap(match => {
    const rest = match.groups?.['rest'] ?? '';
    const paths = [...rest.matchAll(/\.Values\.(?<path>[A-Za-z0-9_.-]+)/g)].map(found =>
      (found.groups?.['path'] ?? '').replace(/\.$/, '').split('.'),
    );
    const tags = paths.filter(path => tagNames.test(path.at(-1) ?? ''));
    // `{{ .Values.registry }}/web:{{ .Values.release }}`: whatever comes after the colon.
    const afterColon = /:\s*\{\{[^}]*\.Values\.(?<path>[A-Za-z0-9_.-]+)[^}]*\}\}['"]?\s*$/.exec(rest);
    const last = afterColon?.groups?.['path']?.split('.');
    return tags.length > 0 ? tags : last ? [last] : [];
  });
}

/** `image.tag`, `web.image.tag`, `imageTag`: a scalar of such a name that stands beside an image. */
function listGivenKeys(value: unknown, path: ValuePath): readonly ValuePath[] {
  if (!isRecord(value) || path.length > 6) {
    return [];
  }
  const entries = Object.entries(value);
  const besideImage =
    path.some(step => /image/i.test(step)) ||
    entries.some(([key, child]) => /^(?:repository|image)$/i.test(key) && !isRecord(child));
  return entries.flatMap(([key, child]) => {
    const isTag = tagNames.test(key) && !isRecord(child) && !Array.isArray(child);
    return isTag && (besideImage || /image/i.test(key))
      ? [[...path, key]]
      : listGivenKeys(child, [...path, key]);
  });
}

const tagNames = /^(?:tag|version|image_?(?:tag|version))$/i;

function isPlainStep(step: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(step);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
