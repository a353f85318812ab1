import type { ProcedureFile } from './procedureSchema.ts';
import type { Report } from './report.ts';
import { buildSuggestion } from './suggestName.ts';
import type { YamlPath } from './yamlPositions.ts';

/** A text of the file that may hold placeholders, and which ones. */
export type Template = {
  readonly path: YamlPath;
  readonly text: string;
  readonly placeholders: readonly Placeholder[];
};

/** What a template can be filled with. */
export type Placeholder = 'version' | 'number' | 'environment' | 'commit';

/** Checks that templates hold only placeholders that mean something where they stand. */
export function checkTemplates(file: ProcedureFile, report: Report): void {
  for (const template of listTemplates(file)) {
    for (const match of template.text.matchAll(/\{([^{}]*)\}/g)) {
      const name = match[1] ?? '';
      if (!(template.placeholders as readonly string[]).includes(name)) {
        const allowed = template.placeholders.map(placeholder => `{${placeholder}}`).join(', ');
        report.error(
          template.path,
          `"{${name}}" cannot be filled here.${buildSuggestion(name, template.placeholders)} ` +
            (allowed === '' ? 'No placeholder can stand here.' : `Known here: ${allowed}.`),
        );
      }
    }
    if (/[{}]/.test(template.text.replaceAll(/\{[^{}]*\}/g, ''))) {
      report.error(template.path, 'a brace has no partner.');
    }
  }
}

const everything: readonly Placeholder[] = ['version', 'number', 'environment', 'commit'];
const ofRelease: readonly Placeholder[] = ['version', 'number', 'commit'];

/** Every text of the file that Slipway fills. Globs are not templates: their braces are alternatives. */
function listTemplates(file: ProcedureFile): readonly Template[] {
  return [
    ...Object.entries(file.releases?.branches ?? {}).map(([branch, text]) => ({
      path: ['releases', 'branches', branch],
      text,
      placeholders: ['commit'] as const,
    })),
    ...Object.entries(file.releases?.images ?? {}).map(([component, text]) => ({
      path: ['releases', 'images', component],
      text,
      placeholders: ofRelease,
    })),
    ...ofCommand(['releases', 'reports', 'fetch'], file.releases?.reports?.fetch, ofRelease),
    ...Object.entries(file.components).flatMap(([name, component]) => ofComponent(name, component)),
    ...ofCommand(['database', 'backup', 'run'], file.database?.backup?.run, everything),
    ...ofCommand(['database', 'backup', 'restore'], file.database?.backup?.restore, everything),
    ...ofCommand(['database', 'validate'], file.database?.validate, everything),
    ...ofTexts(['report'], file.report === undefined ? [] : [file.report], everything),
  ];
}

function ofComponent(name: string, component: ProcedureFile['components'][string]): readonly Template[] {
  const path = ['components', name, 'methods'];
  const { gitops, helm } = component.methods;
  const blueGreen = component.strategies?.blueGreen;
  return [
    ...(gitops
      ? (['application', 'path'] as const).map(key => ({
          path: [...path, 'gitops', key],
          text: gitops[key],
          placeholders: everything,
        }))
      : []),
    ...(helm
      ? [
          { path: [...path, 'helm', 'release'], text: helm.release, placeholders: ['environment'] as const },
          { path: [...path, 'helm', 'chart'], text: helm.chart, placeholders: ['environment'] as const },
          ...ofTexts([...path, 'helm', 'values'], helm.values ?? [], everything),
          ...Object.entries(helm.set ?? {}).map(([key, value]) => ({
            path: [...path, 'helm', 'set', key],
            text: String(value),
            placeholders: everything,
          })),
        ]
      : []),
    ...ofCommand(['components', name, 'strategies', 'blueGreen', 'smoke'], blueGreen?.smoke, everything),
  ];
}

function ofCommand(
  path: YamlPath,
  command: readonly string[] | undefined,
  placeholders: readonly Placeholder[],
): readonly Template[] {
  return ofTexts(path, command ?? [], placeholders);
}

function ofTexts(
  path: YamlPath,
  texts: readonly string[],
  placeholders: readonly Placeholder[],
): readonly Template[] {
  return texts.map((text, index) => ({ path: [...path, index], text, placeholders }));
}
