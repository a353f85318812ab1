import { fillTemplate } from '../../model/template.ts';
import type { ChartFacts } from './draftFacts.ts';

/** What is set to the version, and so is the tag of an image. */
const versionAlone = ':{version}';

/** Git takes tags that no registry does, such as `shop/v1.0.0`: an image with such a tag would never be found. */
export function canTagImage(version: string, image = versionAlone): boolean {
  const [, pattern] = /:([^:/]*\{(?:version|number)\}[^:/]*)$/.exec(image) ?? [];
  // Where the version is no part of the tag, the tag is not from git.
  return pattern === undefined || /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(fillVersion(pattern, version));
}

/** An image's pattern as it is for a version. */
export function fillVersion(pattern: string, version: string): string {
  return fillTemplate(pattern, { version, environment: '', commit: '' });
}

/** The charts' image as it may stand in the file, with a place for the version. */
export function findImage({ workload }: ChartFacts): string | undefined {
  const image = workload?.tagKey === undefined ? undefined : workload.image;
  return image !== undefined && isImage(image) ? image : undefined;
}

/** True where a draft would tag an image of these charts with a version that none can have. */
export function isUnfitForImages(version: string, charts: readonly ChartFacts[]): boolean {
  return charts.some(
    chart =>
      (chart.workload?.tagKey !== undefined && !canTagImage(version)) ||
      !canTagImage(version, findImage(chart)),
  );
}

function isImage(image: string): boolean {
  return (
    /^[^-\s{][^\s]*\{(?:version|number)\}[^\s]*$/.test(image) && !/\{(?!(?:version|number)\})/.test(image)
  );
}
