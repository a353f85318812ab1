import type { Plan, PlannedCommand, PlannedStep } from '../../daemon/protocol/plan.ts';
import { buildPromotionTitle } from '../promotionWords.ts';
import type { Translate, Words } from '../words.ts';

/** A plan as a document people read before they confirm: commands first, then what they will change, then gates. */
export function buildPlanText(plan: Plan, words: Words, options: { readonly started: boolean }): string {
  const { t } = words;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [t('Steps'), plan.steps.flatMap((step, index) => buildStepLines(step, index + 1, words))],
    [t('Images'), buildImageLines(plan, t)],
    [t('Commits'), buildCommitLines(plan, words)],
    [t('Objects that change'), buildObjectLines(plan, t)],
    [t('Gates'), buildGateLines(plan, words)],
    [t('Warnings'), plan.warnings.map(warning => `- ${words.said(warning)}`)],
    [t('About this plan'), buildAboutLines(plan, words)],
  ];
  return [
    `# ${t('Plan: {0}', buildPromotionTitle(plan, t))}`,
    '',
    ...buildSummaryLines(plan, options.started, words),
    ...sections.flatMap(([title, lines]) => (lines.length > 0 ? ['', `## ${title}`, '', ...lines] : [])),
    '',
  ].join('\n');
}

/** A command's arguments as people read them: a flag and its value together, each group with who put it there. */
export function buildArgumentGroups(
  command: PlannedCommand,
): readonly { readonly text: string; readonly added: boolean }[] {
  const groups: { words: string[]; added: boolean }[] = [{ words: [command.tool], added: false }];
  for (const { text, added } of command.args) {
    const last = groups.at(-1);
    if (last && !text.startsWith('-') && (added === last.added || last.words[0]?.startsWith('-'))) {
      last.words.push(quote(text));
      last.added ||= added;
    } else {
      groups.push({ words: [quote(text)], added });
    }
  }
  return groups.map(({ words, added }) => ({ text: words.join(' '), added }));
}

function buildSummaryLines(plan: Plan, started: boolean, { t, said }: Words): readonly string[] {
  const { target, release, gates } = plan;
  const held = gates.filter(gate => gate.state !== 'pass');
  return [
    t('Cluster {0} (context {1}), namespace {2}.', target.server, target.context, target.namespace),
    t('Release {0}, commit {1}.', release.version, release.commit.slice(0, 12)),
    ...(started ? [t('It has been started.')] : []),
    ...(held.length === 0 && !started ? [t('Every gate lets it through. Nothing has been started.')] : []),
    ...(held.length === 0
      ? []
      : [
          t('HELD BACK, it cannot be started now:'),
          ...held.map(
            gate =>
              `- ${gate.title}: ${said(gate.reason)}${gate.next ? ` ${t('Next: {0}', gate.next)}` : ''}`,
          ),
        ]),
    ...(plan.warnings.length > 0 ? [t('There are warnings at the end of this document.')] : []),
  ];
}

function buildStepLines(step: PlannedStep, number: number, { t }: Words): readonly string[] {
  const minutes = Math.ceil(step.timeoutSeconds / 60);
  return [
    ...(number > 1 ? [''] : []),
    `### ${number}. ${step.title}`,
    '',
    ...(step.command ? ['```text', ...buildCommandLines(step.command, t), '```', ''] : []),
    t('At most {0} min. Undo: {1}', minutes, step.undo),
  ];
}

function buildCommandLines(command: PlannedCommand, t: Translate): readonly string[] {
  const groups = buildArgumentGroups(command).map((group, index) => ({
    text: index === 0 ? group.text : `  ${group.text}`,
    added: group.added,
  }));
  // Of the added ones only: behind the longest of the document's arguments the mark would be out of sight.
  const width = Math.max(...groups.map(group => (group.added ? group.text.length : 0))) + 3;
  return groups.map(group =>
    group.added ? `${group.text.padEnd(width)}${t('+ added by Slipway')}` : group.text,
  );
}

function buildImageLines(plan: Plan, t: Translate): readonly string[] {
  return plan.images.flatMap(image => [
    `- ${image.component} (${image.container})`,
    `  ${t('now:  {0}', image.before ?? t('nothing'))}`,
    `  ${t('then: {0}', image.after)}`,
    `  ${t('digest: {0}', image.digest)}`,
  ]);
}

function buildCommitLines(plan: Plan, words: Words): readonly string[] {
  const { t } = words;
  const { commits, direction, from, to, total } = plan.commits;
  const head = {
    forward:
      total === 1
        ? t('1 commit comes in, from {0} to {1}:', from ?? '', to)
        : t('{0} commits come in, from {1} to {2}:', total, from ?? '', to),
    backward:
      total === 1
        ? t('1 commit is taken back, from {0} to {1}:', from ?? '', to)
        : t('{0} commits are taken back, from {1} to {2}:', total, from ?? '', to),
    unrelated: t('{0} and {1} have no common line of history:', from ?? '', to),
    first:
      commits.length > 0
        ? t('The first release here, with all its commits:')
        : t('The first release here: nothing to compare with.'),
  }[direction];
  const rest = total - commits.length;
  return [
    head,
    ...(commits.length > 0 ? [''] : []),
    ...commits.map(
      commit =>
        // A word between them: a name from right to left would draw in what is beside it.
        `- ${commit.id.slice(0, 7)} ${commit.subject} (${t('by {0} at {1}', commit.author, words.exactTime(commit.date))})`,
    ),
    ...(rest > 0 && commits.length > 0 ? [`- ${t('and {0} more', rest)}`] : []),
  ];
}

function buildObjectLines(plan: Plan, t: Translate): readonly string[] {
  const names = {
    create: t('create'),
    change: t('change'),
    delete: t('delete'),
    same: t('same'),
    error: t('ERROR'),
  };
  const changing = plan.objects.filter(object => object.change !== 'same' || object.conflicts.length > 0);
  const same = plan.objects.length - changing.length;
  return [
    ...changing.flatMap(object => [
      `- ${names[object.change]}: ${object.object}`,
      ...object.conflicts.map(conflict => `  - ${conflict}`),
    ]),
    ...(same > 0
      ? [`- ${same === 1 ? t('1 object stays as it is') : t('{0} objects stay as they are', same)}`]
      : []),
  ];
}

function buildGateLines(plan: Plan, words: Words): readonly string[] {
  const { t } = words;
  const states = { pass: t('PASSES'), hold: t('HOLDS'), unknown: t('UNKNOWN, holds') };
  return plan.gates.flatMap(gate => [
    `- ${states[gate.state]}: ${gate.title}`,
    `  ${words.said(gate.reason)}`,
    ...(gate.next ? [`  ${t('Next: {0}', gate.next)}`] : []),
    ...(gate.since ? [`  ${t('Since {0}', words.exactTime(gate.since))}`] : []),
    `  (${gate.enforcement})`,
  ]);
}

function buildAboutLines(plan: Plan, words: Words): readonly string[] {
  const { t } = words;
  const { policy } = plan;
  return [
    `- ${t('Live state read at {0}', words.exactTime(plan.readAt))}`,
    `- ${t('Plan {0}', plan.digest)}`,
    `- ${t('Release {0}', plan.release.digest)}`,
    `- ${t('Policy from {0} at {1}, {2}', policy.from, policy.commit.slice(0, 7), policy.hash)}`,
    ...(policy.advice ? [`- ${policy.advice}`] : []),
    `- ${t('Cluster id {0}', plan.target.clusterId)}`,
  ];
}

/** Shows an argument as a shell would need it; it never meets one. */
function quote(text: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
