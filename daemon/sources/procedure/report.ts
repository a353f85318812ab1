import type { Finding } from './describeIssues.ts';
import type { YamlPath } from './yamlPositions.ts';

/** A finding with how much it weighs: an error stops the file from governing, the others do not. */
export type WeighedFinding = Finding & { readonly severity: 'error' | 'warning' | 'information' };

/** Where checks put what they find. */
export type Report = {
  /** Something that must be mended, at a value. */
  readonly error: (path: YamlPath, message: string) => void;
  /** Something that is probably not meant, at a value. */
  readonly warn: (path: YamlPath, message: string) => void;
};

/** Builds a report and the list that it fills. */
export function buildReport(): { readonly report: Report; readonly findings: readonly WeighedFinding[] } {
  const findings: WeighedFinding[] = [];
  const put = (severity: 'error' | 'warning') => (path: YamlPath, message: string) => {
    findings.push({ severity, path, at: 'value', message });
  };
  return { report: { error: put('error'), warn: put('warning') }, findings };
}
