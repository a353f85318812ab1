import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Promotion } from '../model/promotion.ts';
import type { Redactor } from '../protocol/redaction/redact.ts';
import type { Store } from '../store/store.ts';
import { readWholeSpool } from '../tools/process/readSpool.ts';
import { scrubSpool } from '../tools/process/scrubSpool.ts';
import type { PromotionLedger } from './runnerPorts.ts';

/** The longest output that is kept as a blob, in bytes; the spool itself stays, without its secrets, until retention. */
const keptBytes = 4 * 1024 * 1024;

/** The redactor for what a promotion's tools print. */
export type RedactorOf = (promotion: Promotion) => Redactor;

/** What the ledger works with. */
export type StoreLedgerOptions = {
  readonly store: Store;
  readonly redactorOf: RedactorOf;
  /** The folder of runs below the state folder. */
  readonly runsFolder: string;
};

/** The store as the runner's ledger. */
export function buildStoreLedger(options: StoreLedgerOptions): PromotionLedger {
  const { store, redactorOf, runsFolder } = options;
  return {
    load: promotionId => store.promotions.load(promotionId),
    append: (promotionId, event) => {
      if (event.type === 'promotion.ended') {
        throw new Error('the end of a promotion goes through end()');
      }
      store.promotions.append(promotionId, event);
    },
    end: (promotionId, event) => {
      store.endPromotion({ promotionId, event, keepLock: event.outcome === 'needsPerson' });
      // The person's key is not left lying about once no tool needs it.
      rmSync(join(runsFolder, promotionId, 'kubeconfig'), { force: true });
    },
    keepOutput: (promotionId, stepId) => {
      const promotion = store.promotions.load(promotionId);
      const spool = promotion.steps.find(step => step.id === stepId)?.spool;
      if (spool === undefined) {
        return undefined;
      }
      const redactor = redactorOf(promotion);
      // First, since it knows where a long Secret ends, which a reading by pieces does not.
      scrubSpool(spool, redactor);
      const { text, cut } = readWholeSpool(spool, { redactor, maxBytes: keptBytes });
      const digest = store.blobs.put(cut ? `(only the last ${keptBytes} bytes)\n${text}` : text);
      return { digest, text };
    },
  };
}
