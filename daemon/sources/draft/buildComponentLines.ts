import { findNumber } from '../../model/template.ts';
import { dnsLabelSchema, pathSchema, workloadSchema } from '../procedure/fieldSchemas.ts';
import type { DraftSubject } from './chooseDraft.ts';
import type { ApplicationFacts, ChartFacts, DraftFacts } from './draftFacts.ts';
import { type DraftLine, fits, quoteFound, writeScalar } from './draftLines.ts';
import { buildLabel, type NamedComponent, nameComponents } from './draftNames.ts';
import { canTagImage } from './imageTags.ts';

/** The lines about what is deployed. */
export function buildComponentLines(facts: DraftFacts, subject: DraftSubject): readonly DraftLine[] {
  return [
    { indent: 0, code: 'components:', comment: 'What is deployed.' },
    ...nameComponents(subject.charts).flatMap(component => buildOne(component, facts, subject)),
  ];
}

function buildOne(component: NamedComponent, facts: DraftFacts, subject: DraftSubject): readonly DraftLine[] {
  const { name, chart } = component;
  const applications = chart ? listApplications(chart, facts) : facts.applications;
  return [
    {
      indent: 1,
      code: `${writeScalar(name)}:`,
      comment: chart ? `The chart ${quoteFound(chart.name)}.` : 'One deployable unit.',
    },
    ...(chart ? buildWorkloadLines(chart) : []),
    {
      indent: 2,
      code: 'methods:',
      comment: 'How it is brought to an environment; the first is the preferred one.',
    },
    { indent: 3, code: 'helm:', comment: 'By helm upgrade.' },
    ...buildHelmLines(component, { facts, subject, applications }),
    ...buildArgoLines(applications),
  ];
}

function buildWorkloadLines(chart: ChartFacts): readonly DraftLine[] {
  const { workload, otherWorkloads, readBy, problem } = chart;
  const why = problem === undefined ? '' : ` Helm could not render it: ${quoteFound(problem)}`;
  if (!workload || !fits(workloadSchema, workload.workload)) {
    return [
      {
        indent: 2,
        comment: `workload: deployment/NAME - no workload was found in the chart. Name the one whose image is the version.${why}`,
        decide: true,
      },
    ];
  }
  const others =
    otherWorkloads.length > 0
      ? ` It has others: ${otherWorkloads.slice(0, 4).map(quoteFound).join(', ')}.`
      : '';
  const read =
    readBy === 'helm'
      ? { comment: `The workload whose image is the version, as helm renders it.${others}` }
      : { comment: `read from the templates, without helm.${why}${others}`, decide: true as const };
  return [
    { indent: 2, code: `workload: ${writeScalar(workload.workload)}`, ...read },
    ...(fits(dnsLabelSchema, workload.container)
      ? [
          {
            indent: 2,
            code: `container: ${writeScalar(workload.container)}`,
            comment: `Its container whose image is ${quoteFound(workload.image)}.`,
          },
        ]
      : []),
  ];
}

function buildHelmLines(
  { name, release, chart }: NamedComponent,
  about: {
    readonly facts: DraftFacts;
    readonly subject: DraftSubject;
    readonly applications: readonly ApplicationFacts[];
  },
): readonly DraftLine[] {
  const { facts, subject, applications } = about;
  const path = chart && fits(pathSchema, chart.path) ? chart.path : undefined;
  return [
    {
      indent: 4,
      code: `release: ${writeScalar(release)}`,
      comment:
        'the name under which helm knows it today (helm list). Another name would install it a second time.',
      decide: true,
    },
    path === undefined
      ? {
          indent: 4,
          code: `chart: charts/${buildLabel(name) ?? 'app'}`,
          comment:
            'no folder with a Chart.yaml was found. Where is the chart? It is read at the release’s commit.',
          decide: true,
        }
      : {
          indent: 4,
          code: `chart: ${writeScalar(path)}`,
          comment: 'Its folder, read at the commit of the release.',
        },
    ...(chart ? buildValuesLines(chart, subject) : []),
    ...(chart ? buildSetLines(chart, facts.tags.newest) : []),
    { indent: 4, code: 'timeout: 10m', comment: 'How long helm waits until everything is ready.' },
    applications.length === 0
      ? { indent: 4, code: 'install: true', comment: 'An empty namespace may get a first installation.' }
      : {
          indent: 4,
          comment: 'install: true - left out, so that nothing is installed beside what Argo CD applies.',
        },
  ];
}

function buildValuesLines(
  { values, path }: ChartFacts,
  { environments }: DraftSubject,
): readonly DraftLine[] {
  const usable = values.filter(({ template }) => fits(pathSchema, template.replaceAll('{environment}', 'x')));
  const [best, ...others] = usable;
  const names = environments.map(({ name }) => name);
  if (!best?.environments.some(name => names.includes(name))) {
    return [
      {
        indent: 4,
        comment: `values: ['values-{environment}.yaml'] - no values file of an environment was found; ${quoteFound(path)}/values.yaml always counts.`,
      },
    ];
  }
  const missing = names.filter(name => !best.environments.includes(name));
  const also =
    others.length > 0
      ? ` Also found: ${others
          .slice(0, 3)
          .map(({ template }) => quoteFound(template))
          .join(', ')}.`
      : '';
  const code = `values: [${quoteInFlow(best.template)}]`;
  return [
    missing.length > 0
      ? {
          indent: 4,
          code,
          comment: `there is none for ${missing.map(quoteFound).join(', ')}: add it, or nothing can be promoted there.${also}`,
          decide: true,
        }
      : { indent: 4, code, comment: `For ${best.environments.map(quoteFound).join(', ')}.${also}` },
  ];
}

function buildSetLines(
  { workload, otherTagKeys }: ChartFacts,
  newest: string | undefined,
): readonly DraftLine[] {
  const others =
    otherTagKeys.length > 0
      ? ` It has other images, too: ${otherTagKeys.slice(0, 3).map(quoteFound).join(', ')}.`
      : '';
  if (workload?.tagKey === undefined) {
    return [
      {
        indent: 4,
        comment: `set: {image.tag: '{version}'} - no value was found that sets the image's tag. Which one does?`,
        decide: true,
      },
    ];
  }
  return [
    {
      indent: 4,
      code: `set: {${writeScalar(workload.tagKey)}: '{version}'}`,
      ...(newest === undefined || canTagImage(newest)
        ? { comment: `The value that sets the tag of the image.${others}` }
        : {
            comment: `what is this value for ${quoteFound(newest)}? As it is, that can be no tag of an image; {number} would be ${quoteFound(findNumber(newest))}.${others}`,
            decide: true,
          }),
    },
  ];
}

/** In a list in brackets, braces must be in quotes. */
function quoteInFlow(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function listApplications(
  { path }: ChartFacts,
  { applications, charts }: DraftFacts,
): readonly ApplicationFacts[] {
  const fits = applications.filter(application => application.path?.replace(/^\.\//, '') === path);
  return fits.length > 0 || charts.length > 1 ? fits : applications;
}

function buildArgoLines(applications: readonly ApplicationFacts[]): readonly DraftLine[] {
  const [first] = applications;
  if (!first) {
    return [];
  }
  const names = applications.slice(0, 4).map(({ name }) => quoteFound(name));
  const heals = applications.some(({ automated }) => automated)
    ? ' It syncs by itself and would undo what helm does.'
    : '';
  return [
    {
      indent: 3,
      comment: `Argo CD applies this today (${names.join(', ')} in ${quoteFound(first.file)}).${heals} This version cannot promote through Argo CD, and the key would hold every promotion: keep helm only for what Argo CD does not apply.`,
      decide: true,
    },
    {
      indent: 3,
      comment: `gitops: {application: ${quoteFound(first.name)}, path: ${quoteFound(first.path ?? 'PATH')}, branch: ${quoteFound(first.branch ?? 'main')}, land: merge}`,
    },
  ];
}
