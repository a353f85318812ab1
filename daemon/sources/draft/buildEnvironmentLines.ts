import { dnsLabelSchema } from '../procedure/fieldSchemas.ts';
import { type DraftSubject, findBefore } from './chooseDraft.ts';
import type { ContextFacts, DraftFacts, EnvironmentFacts } from './draftFacts.ts';
import { type DraftLine, fits, quoteFound, writeScalar } from './draftLines.ts';
import { buildLabel } from './draftNames.ts';
import { isSameStage, liveRank, rankOrMiddle } from './environmentNames.ts';
import { buildReleaseName } from './readChart.ts';

/** The lines about where releases run. */
export function buildEnvironmentLines(facts: DraftFacts, subject: DraftSubject): readonly DraftLine[] {
  return [
    {
      indent: 0,
      code: 'environments:',
      comment: 'Where releases run, in the order in which a release goes through them.',
    },
    ...subject.environments.flatMap((environment, index) => [
      ...buildOne(environment, facts, subject),
      ...(index === 0 ? [identityLine] : []),
    ]),
    {
      indent: 0,
      comment:
        'Gates such as a checklist or approvals are keys of an environment. Problems says of each whether this version can check it; one that it cannot check holds every promotion there.',
    },
  ];
}

function buildOne(
  environment: EnvironmentFacts,
  facts: DraftFacts,
  subject: DraftSubject,
): readonly DraftLine[] {
  const { name, from, certain } = environment;
  const before = findBefore(
    name,
    subject.environments.map(other => other.name),
  );
  return [
    {
      indent: 1,
      code: `${writeScalar(name)}:`,
      ...(certain
        ? { comment: `Named ${quoteFound(from)}.` }
        : { comment: `is this an environment? Its name is ${quoteFound(from)}.`, decide: true as const }),
    },
    ...(before === undefined
      ? []
      : [
          {
            indent: 2,
            code: `after: ${writeScalar(before)}`,
            comment: `A release must have succeeded in ${before} first, and must still run there.`,
          },
        ]),
    ...(rankOrMiddle(name) >= liveRank
      ? [{ indent: 2, code: 'data: live', comment: 'A promotion here is confirmed by typing the name.' }]
      : []),
    { indent: 2, code: 'cluster:', comment: 'Where it is.' },
    buildNamespaceLine(name, facts, subject),
  ];
}

const identityLine: DraftLine = {
  indent: 3,
  comment:
    'id: UID - pins the cluster, whatever people call their contexts. Once the environment is connected, Slipway tells the line to write here.',
};

function buildNamespaceLine(name: string, facts: DraftFacts, { charts }: DraftSubject): DraftLine {
  const context = findContext(name, facts.contexts);
  const told = context?.namespace;
  if (told !== undefined && fits(dnsLabelSchema, told)) {
    return {
      indent: 3,
      code: `namespace: ${writeScalar(told)}`,
      comment: `is it this one? It is the namespace of your context ${quoteFound(context?.name ?? '')}.`,
      decide: true,
    };
  }
  const applied = facts.applications.find(
    application => application.name.includes(name) && application.namespace !== undefined,
  )?.namespace;
  if (applied !== undefined && fits(dnsLabelSchema, applied)) {
    return { indent: 3, code: `namespace: ${writeScalar(applied)}`, comment: 'Where Argo CD applies it.' };
  }
  const [chart] = charts;
  const base = buildReleaseName(chart?.name ?? facts.folderName);
  return {
    indent: 3,
    code: `namespace: ${writeScalar(buildLabel(`${base}-${name}`) ?? base)}`,
    comment: 'which namespace? Neither your kubeconfig nor the repository says.',
    decide: true,
  };
}

/** The context of an environment by its name: the same, or one that ends with it, or one of the same stage. */
function findContext(name: string, contexts: readonly ContextFacts[]): ContextFacts | undefined {
  const word = name.toLowerCase();
  const parts = (context: ContextFacts) => context.name.toLowerCase().split(/[-_./@:]/);
  const fits: readonly ((context: ContextFacts) => boolean)[] = [
    context => context.name.toLowerCase() === word,
    context => /[-_./@:]/.test(context.name) && context.name.toLowerCase().endsWith(word),
    context => parts(context).includes(word),
    context => parts(context).some(part => isSameStage(part, word)),
  ];
  for (const fit of fits) {
    const found = contexts.filter(fit);
    const first = found.find(({ namespace }) => namespace !== undefined) ?? found[0];
    if (first) {
      return first;
    }
  }
  return undefined;
}
