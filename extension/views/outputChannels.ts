import * as vscode from 'vscode';
import type { PlannedStep } from '../../daemon/protocol/plan.ts';
import type { StepProgress } from '../../daemon/protocol/promotion.ts';
import { buildExitText, buildPromotionTitle } from '../promotionWords.ts';
import type { DaemonPort } from '../state/daemonPort.ts';
import { OutputFollower, type OutputSink } from '../state/outputFollower.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import { findPromotion } from '../state/storeState.ts';
import type { Words } from '../words.ts';

/** How many promotions keep their output tab. */
const keptChannels = 5;

type Entry = { readonly channel: vscode.OutputChannel; readonly follower: OutputFollower };

/** One output tab per promotion with everything its tools print, live. */
export class OutputChannels implements vscode.Disposable {
  readonly #daemon: DaemonPort;
  readonly #store: ReleaseStore;
  readonly #words: Words;
  /** The longest unused first. */
  readonly #entries = new Map<string, Entry>();

  constructor(parts: { readonly daemon: DaemonPort; readonly store: ReleaseStore; readonly words: Words }) {
    this.#daemon = parts.daemon;
    this.#store = parts.store;
    this.#words = parts.words;
  }

  /** Shows a promotion's output; does nothing for one that is not known. */
  show(promotionId: string): void {
    const entry = this.#entries.get(promotionId) ?? this.#open(promotionId);
    if (entry) {
      this.#entries.delete(promotionId);
      this.#entries.set(promotionId, entry);
      entry.channel.show(true);
    }
  }

  dispose(): void {
    for (const promotionId of [...this.#entries.keys()]) {
      this.#close(promotionId);
    }
  }

  #open(promotionId: string): Entry | undefined {
    const promotion = findPromotion(this.#store.state, promotionId);
    if (!promotion) {
      return undefined;
    }
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined && this.#entries.size >= keptChannels) {
      this.#close(oldest);
    }
    const { t, time } = this.#words;
    const title = buildPromotionTitle(promotion.plan, t);
    const channel = vscode.window.createOutputChannel(
      t('Slipway: {0}, {1}', title, time(promotion.requestedAt)),
    );
    const follower = new OutputFollower({
      daemon: this.#daemon,
      store: this.#store,
      promotionId,
      sink: buildSink(channel, this.#words),
    });
    return { channel, follower };
  }

  #close(promotionId: string): void {
    const entry = this.#entries.get(promotionId);
    this.#entries.delete(promotionId);
    entry?.follower.dispose();
    entry?.channel.dispose();
  }
}

function buildSink(channel: vscode.OutputChannel, words: Words): OutputSink {
  const { t } = words;
  let atLineStart = true;
  const endLine = () => {
    if (!atLineStart) {
      channel.appendLine('');
      atLineStart = true;
    }
  };
  return {
    begin: (step: PlannedStep) => {
      const { command } = step;
      channel.appendLine(`=== ${step.title}`);
      if (command) {
        channel.appendLine(`$ ${command.tool} ${command.args.map(arg => arg.text).join(' ')}`);
      }
    },
    append: text => {
      if (text !== '') {
        channel.append(text);
        atLineStart = text.endsWith('\n');
      }
    },
    end: (_step: PlannedStep, progress: StepProgress) => {
      endLine();
      const took =
        progress.startedAt && progress.endedAt ? words.duration(progress.startedAt, progress.endedAt) : '';
      const { exit } = progress;
      channel.appendLine(
        exit
          ? `=== ${t('ended: {0}, after {1}', buildExitText(exit, t), took)}`
          : `=== ${t('ended after {0}', took)}`,
      );
      if (progress.inspection) {
        channel.appendLine(`=== ${t('seen: {0}', progress.inspection.summary)}`);
      }
      channel.appendLine('');
    },
    fail: message => {
      endLine();
      channel.appendLine(`=== ${t('The output cannot be read: {0}', message)}`);
    },
  };
}
