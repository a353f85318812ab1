import type { JournalEventView } from '../../daemon/protocol/journal.ts';
import type { Promotion, StepProgress } from '../../daemon/protocol/promotion.ts';
import {
  buildEndSentence,
  buildExitText,
  buildPromotionTitle,
  buildRecoveryText,
  isEnded,
} from '../promotionWords.ts';
import type { FailureView } from '../state/readFailure.ts';
import type { Words } from '../words.ts';
import { buildPromotionWord, buildStepWord } from './healthWords.ts';
import { findPlannedStep } from './promotionItems.ts';

/** A promotion as a document: what happened when, who did it, what the cluster said, and the journal's events. */
export function buildTimelineText(
  promotion: Promotion,
  events: readonly JournalEventView[] | FailureView,
  words: Words,
): string {
  const { t } = words;
  const { plan } = promotion;
  return [
    `# ${buildPromotionTitle(plan, t)}: ${buildPromotionWord(promotion.state, t)}`,
    '',
    ...(isEnded(promotion.state) ? [buildEndSentence(promotion, t), ''] : []),
    `- ${t('Requested by {0} at {1}', promotion.person, words.exactTime(promotion.requestedAt))}`,
    ...(promotion.startedAt ? [`- ${t('Started at {0}', words.exactTime(promotion.startedAt))}`] : []),
    ...(promotion.endedAt
      ? [
          `- ${t(
            'Ended at {0}, after {1}',
            words.exactTime(promotion.endedAt),
            words.duration(promotion.startedAt ?? promotion.requestedAt, promotion.endedAt),
          )}`,
        ]
      : []),
    ...(promotion.host ? [`- ${t('Run by {0}', promotion.host)}`] : []),
    `- ${t('Cluster {0}, namespace {1}', plan.target.server, plan.target.namespace)}`,
    `- ${t('Commit {0}', plan.release.commit)}`,
    `- ${t('Plan {0}', plan.digest)}`,
    ...(promotion.recoveries > 0 ? [`- ${buildRecoveryText(promotion.recoveries, t)}`] : []),
    '',
    `## ${t('Steps')}`,
    '',
    ...promotion.steps.flatMap((progress, index) =>
      buildStepLines(promotion, progress, { number: index + 1, words }),
    ),
    `## ${t('Journal')}`,
    '',
    ...buildEventLines(events, words),
    '',
  ].join('\n');
}

function buildStepLines(
  promotion: Promotion,
  progress: StepProgress,
  { number, words }: { readonly number: number; readonly words: Words },
): readonly string[] {
  const { t } = words;
  const step = findPlannedStep(promotion, progress.id);
  const { startedAt, endedAt, inspection, exit } = progress;
  return [
    `### ${number}. ${step?.title ?? progress.id}: ${buildStepWord(progress.state, promotion, t)}`,
    '',
    ...(startedAt ? [`- ${t('Started at {0}', words.exactTime(startedAt))}`] : []),
    ...(startedAt && endedAt
      ? [`- ${t('Ended at {0}, after {1}', words.exactTime(endedAt), words.duration(startedAt, endedAt))}`]
      : []),
    ...(exit ? [`- ${t('The tool ended: {0}', buildExitText(exit, t))}`] : []),
    ...(progress.attempt > 1 ? [`- ${t('Attempt {0}', progress.attempt)}`] : []),
    ...(inspection ? [`- ${t('Seen: {0}', inspection.summary)}`] : []),
    ...(inspection ? Object.entries(inspection.facts).map(([name, value]) => `  - ${name}: ${value}`) : []),
    '',
  ];
}

function buildEventLines(events: readonly JournalEventView[] | FailureView, words: Words): readonly string[] {
  if ('message' in events) {
    const why = [events.message, events.next ?? ''].map(words.said).join(' ').trim();
    return [words.t('The journal cannot be read: {0}', why)];
  }
  return events.map(event => {
    const payload = typeof event.payload === 'object' && event.payload !== null ? event.payload : {};
    const step = 'stepId' in payload && typeof payload['stepId'] === 'string' ? ` ${payload['stepId']}` : '';
    return `- ${event.sequence}. ${words.exactTime(event.time)} ${event.type}${step}`;
  });
}
