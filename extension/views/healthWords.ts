import type { Health } from '../../daemon/protocol/environment.ts';
import type { PromotionState, StepState } from '../../daemon/protocol/promotion.ts';
import { isEnded } from '../promotionWords.ts';
import type { Translate } from '../words.ts';
import type { ItemIcon } from './viewItem.ts';

/** `healthy`, `failing`, `progressing` or `health unknown`. */
export function buildHealthWord(health: Health, t: Translate): string {
  switch (health) {
    case 'pass':
      return t('healthy');
    case 'fail':
      return t('failing');
    case 'progressing':
      return t('progressing');
    case 'unknown':
      return t('health unknown');
  }
}

/** The icon of a health. */
export function buildHealthIcon(health: Health): ItemIcon {
  switch (health) {
    case 'pass':
      return { id: 'pass', color: 'testing.iconPassed' };
    case 'fail':
      return { id: 'error', color: 'testing.iconFailed' };
    case 'progressing':
      return { id: 'loading~spin' };
    case 'unknown':
      return { id: 'question' };
  }
}

/** The icon of a step. */
export function buildStepIcon(state: StepState): ItemIcon {
  switch (state) {
    case 'waiting':
      return { id: 'circle-outline', color: 'disabledForeground' };
    case 'running':
      return { id: 'loading~spin' };
    case 'done':
      return { id: 'pass', color: 'testing.iconPassed' };
    case 'failed':
      return { id: 'error', color: 'testing.iconFailed' };
    case 'cancelled':
      return { id: 'circle-slash' };
    case 'unknown':
      return { id: 'question', color: 'list.warningForeground' };
  }
}

/** `waiting`, `running`, `done` and so on, in the person's language; what waits when its promotion ends waits for nothing. */
export function buildStepWord(
  state: StepState,
  promotion: { readonly state: PromotionState },
  t: Translate,
): string {
  switch (state) {
    case 'waiting':
      return isEnded(promotion.state) ? t('not run') : t('waiting');
    case 'running':
      return t('running');
    case 'done':
      return t('done');
    case 'failed':
      return t('failed');
    case 'cancelled':
      return t('cancelled');
    case 'unknown':
      return t('unknown');
  }
}

/** The icon of a promotion. */
export function buildPromotionIcon(state: PromotionState): ItemIcon {
  switch (state) {
    case 'succeeded':
      return { id: 'pass', color: 'testing.iconPassed' };
    case 'failed':
      return { id: 'error', color: 'testing.iconFailed' };
    case 'needsPerson':
      return { id: 'warning', color: 'list.warningForeground' };
    case 'rolledBack':
      return { id: 'discard' };
    case 'cancelled':
    case 'rejected':
    case 'expired':
    case 'withdrawn':
      return { id: 'circle-slash' };
    case 'running':
    case 'verifying':
    case 'watching':
      return { id: 'loading~spin' };
    case 'planned':
    case 'requested':
    case 'approved':
    case 'scheduled':
      return { id: 'watch' };
  }
}

/** The state of a promotion in the person's language. */
export function buildPromotionWord(state: PromotionState, t: Translate): string {
  const words: Readonly<Record<PromotionState, string>> = {
    planned: t('planned'),
    requested: t('requested'),
    approved: t('approved'),
    rejected: t('rejected'),
    expired: t('expired'),
    withdrawn: t('withdrawn'),
    scheduled: t('scheduled'),
    running: t('running'),
    verifying: t('verifying'),
    watching: t('watching'),
    succeeded: t('succeeded'),
    failed: t('failed'),
    cancelled: t('cancelled'),
    rolledBack: t('rolled back'),
    needsPerson: t('needs a person'),
  };
  return words[state];
}
