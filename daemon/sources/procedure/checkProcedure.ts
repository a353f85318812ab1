import { anyone } from '../../model/check.ts';
import { buildCheckId } from './buildChecklist.ts';
import { checkTemplates } from './checkTemplates.ts';
import { checkTimes } from './checkWindow.ts';
import type { EnvironmentFile } from './environmentSchema.ts';
import type { ProcedureFile } from './procedureSchema.ts';
import { buildReport, type Report, type WeighedFinding } from './report.ts';
import { buildSuggestion } from './suggestName.ts';
import type { YamlPath } from './yamlPositions.ts';

/** Checks what no schema can say: that names lead somewhere and that values make sense together. */
export function checkProcedure(file: ProcedureFile): readonly WeighedFinding[] {
  const { report, findings } = buildReport();
  checkNotEmpty(file, report);
  checkTemplates(file, report);
  checkReleases(file, report);
  checkComponents(file, report);
  checkHelmReleases(file, report);
  checkDatabase(file, report);
  checkChecklists(file, report);
  const earlier: string[] = [];
  for (const [name, environment] of Object.entries(file.environments)) {
    checkEnvironment({ file, name, environment, earlier }, report);
    earlier.push(name);
  }
  return findings;
}

function checkNotEmpty(file: ProcedureFile, report: Report): void {
  for (const key of ['components', 'environments'] as const) {
    if (Object.keys(file[key]).length === 0) {
      report.error([key], `${key} names none: write at least one.`);
    }
  }
}

function checkReleases(file: ProcedureFile, report: Report): void {
  for (const component of Object.keys(file.releases?.images ?? {})) {
    expectName(
      'component',
      component,
      Object.keys(file.components),
      ['releases', 'images', component],
      report,
    );
  }
}

function checkComponents(file: ProcedureFile, report: Report): void {
  for (const [name, component] of Object.entries(file.components)) {
    const path = ['components', name, 'methods'];
    if (Object.keys(component.methods).length === 0) {
      report.error(path, 'names no method: write at least one of gitops, helm and kubectl.');
    }
    const helm = component.methods.helm;
    if (!helm) {
      continue;
    }
    // Helm keeps 53 characters for the name, so that what it derives stays under 63.
    const sample = helm.release.replaceAll('{environment}', 'x');
    if (!/^[a-z0-9](?:[-a-z0-9.]{0,51}[a-z0-9])?$/.test(sample)) {
      report.error(
        [...path, 'helm', 'release'],
        `"${helm.release}" is no name of a Helm release: at most 53 small letters, digits, "-" and ".".`,
      );
    }
    for (const [key, value] of Object.entries(helm.set ?? {})) {
      if (/[,\r\n\0]/.test(String(value))) {
        report.error(
          [...path, 'helm', 'set', key],
          'helm reads what follows a comma as another value: put this one in a values file.',
        );
      }
    }
  }
}

/**
 * Two components with one Helm release would undo each other: an upgrade keeps nothing of the `set` of the one before,
 * so the version of the other component would be the chart's own. The texts may differ and meet in one environment.
 */
function checkHelmReleases(file: ProcedureFile, report: Report): void {
  const owners = new Map<string, string>();
  for (const [name, component] of Object.entries(file.components)) {
    const text = component.methods.helm?.release;
    if (text === undefined) {
      continue;
    }
    const shared = Object.keys(file.environments).flatMap(environment => {
      const release = text.replaceAll('{environment}', () => environment);
      const key = `${environment} ${release}`;
      const owner = owners.get(key);
      owners.set(key, owner ?? name);
      return owner === undefined ? [] : [{ environment, release, owner }];
    });
    const [first] = shared;
    if (first) {
      const everywhere = shared.length === Object.keys(file.environments).length;
      const release = everywhere ? text : `${first.release} in ${first.environment}`;
      report.error(
        ['components', name, 'methods', 'helm', 'release'],
        `The component ${first.owner} already has the release ${release}: one helm release is one component, ` +
          'so put the values of both into one `set`.',
      );
    }
  }
}

function checkDatabase(file: ProcedureFile, report: Report): void {
  if (file.database?.first !== undefined) {
    const known = Object.keys(file.environments);
    expectName('environment', file.database.first, known, ['database', 'first'], report);
  }
}

function checkChecklists(file: ProcedureFile, report: Report): void {
  if (Object.hasOwn(file.people ?? {}, anyone)) {
    report.error(
      ['people', anyone],
      `${anyone} is built in: it is whoever acts on this machine. Give the role another name.`,
    );
  }
  for (const [name, checks] of Object.entries(file.checklists ?? {})) {
    const ids = checks.map(buildCheckId);
    checks.forEach((check, index) => {
      if (ids.indexOf(buildCheckId(check)) !== index) {
        report.error(
          ['checklists', name, index],
          'stands in this checklist already: one tick would prove both.',
        );
      }
      if (typeof check !== 'string' && 'tick' in check && check.tick !== anyone) {
        expectRole(file, check.tick, ['checklists', name, index, 'tick'], report);
      }
      if (typeof check !== 'string' && 'notice' in check) {
        expectTarget(file, check.notice, ['checklists', name, index, 'notice'], report);
      }
    });
  }
}

type Place = {
  readonly file: ProcedureFile;
  readonly name: string;
  readonly environment: EnvironmentFile;
  /** The environments that stand before this one. */
  readonly earlier: readonly string[];
};

function checkEnvironment(place: Place, report: Report): void {
  const { file, environment } = place;
  const path = ['environments', place.name];
  checkAfter(place, report);
  checkTimes(environment, path, report);
  if (!environment.cluster) {
    report.warn(path, 'has no cluster: nothing can be promoted there.');
  } else if (environment.cluster.id !== undefined && !uuid.test(environment.cluster.id)) {
    report.warn(
      [...path, 'cluster', 'id'],
      `"${environment.cluster.id}" is not the id of a cluster, so no cluster will match: ` +
        "kubectl get namespace kube-system -o jsonpath='{.metadata.uid}' prints it.",
    );
  }
  for (const key of ['approvals', 'emergency'] as const) {
    environment[key]?.roles.forEach((role, index) => {
      expectRole(file, role, [...path, key, 'roles', index], report);
    });
  }
  if (environment.validation) {
    expectRole(file, environment.validation.role, [...path, 'validation', 'role'], report);
  }
  if (environment.checklist !== undefined) {
    expectChecklist(file, environment.checklist, [...path, 'checklist'], report);
  }
  environment.afterwards?.forEach((name, index) => {
    expectChecklist(file, name, [...path, 'afterwards', index], report);
  });
  if (environment.notice) {
    expectTarget(file, environment.notice.to, [...path, 'notice', 'to'], report);
  }
  if (environment.emergency?.notify !== undefined) {
    expectTarget(file, environment.emergency.notify, [...path, 'emergency', 'notify'], report);
  }
  if (environment.automatic && file.releases?.branches) {
    const known = Object.keys(file.releases.branches);
    expectName('branch', environment.automatic.branch, known, [...path, 'automatic', 'branch'], report);
  }
  checkStrategy(place, report);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function checkAfter({ file, name, environment, earlier }: Place, report: Report): void {
  const { after } = environment;
  if (after === undefined || earlier.includes(after)) {
    return;
  }
  const path = ['environments', name, 'after'];
  if (after === name) {
    report.error(path, `${name} cannot come after itself.`);
  } else if (Object.hasOwn(file.environments, after)) {
    report.error(
      path,
      `"${after}" stands below ${name}: an environment comes after one that stands above it.`,
    );
  } else {
    expectName('environment', after, earlier, path, report);
  }
}

function checkStrategy({ file, name, environment }: Place, report: Report): void {
  const { strategy } = environment;
  if (strategy === undefined || strategy === 'rolling') {
    return;
  }
  if (Object.values(file.components).every(component => component.strategies?.[strategy] === undefined)) {
    report.error(['environments', name, 'strategy'], `no component has strategies.${strategy}.`);
  }
}

function expectRole(file: ProcedureFile, role: string, path: YamlPath, report: Report): void {
  expectName('role', role, Object.keys(file.people ?? {}), path, report);
}

function expectChecklist(file: ProcedureFile, name: string, path: YamlPath, report: Report): void {
  expectName('checklist', name, Object.keys(file.checklists ?? {}), path, report);
}

function expectTarget(file: ProcedureFile, name: string, path: YamlPath, report: Report): void {
  expectName('notice target', name, Object.keys(file.notify ?? {}), path, report);
}

const homes = {
  component: 'components',
  environment: 'environments',
  role: 'people',
  checklist: 'checklists',
  'notice target': 'notify',
  branch: 'releases.branches',
} as const;

function expectName(
  what: keyof typeof homes,
  name: string,
  known: readonly string[],
  path: YamlPath,
  report: Report,
): void {
  if (known.includes(name)) {
    return;
  }
  const suggestion = buildSuggestion(name, known);
  const list = suggestion === '' && known.length > 0 ? ` Known: ${known.join(', ')}.` : suggestion;
  report.error(path, `unknown ${what} "${name}": ${homes[what]} does not name it.${list}`);
}
