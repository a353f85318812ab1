import * as vscode from 'vscode';
import type { JournalEventView } from '../../daemon/protocol/journal.ts';
import { tellsOfPromotion } from '../state/changedKeys.ts';
import { documentSchemes } from '../state/documentPaths.ts';
import { readFailure } from '../state/readFailure.ts';
import type { ReleaseStore } from '../state/releaseStore.ts';
import { findPromotion } from '../state/storeState.ts';
import type { TextDocuments } from '../state/textDocuments.ts';
import type { Words } from '../words.ts';
import { buildPlanText } from './planText.ts';
import { buildTimelineText } from './timelineText.ts';

type Parts = {
  readonly store: ReleaseStore;
  readonly texts: TextDocuments;
  readonly words: Words;
  /** Reads one side of a plan's diffs. */
  readonly readPlanText: (planId: string, text: string) => Promise<string>;
  /** Reads every event of a promotion. */
  readonly readEvents: (promotionId: string) => Promise<readonly JournalEventView[]>;
};

/** Shows plans, their diffs, timelines and what commands wrote as documents that cannot be edited. */
export function registerVirtualDocuments(parts: Parts): vscode.Disposable {
  const register = (scheme: string, provider: vscode.TextDocumentContentProvider) =>
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider);
  const plans = buildPlanProvider(parts);
  const timelines = buildTimelineProvider(parts);
  const written = buildWrittenProvider(parts);
  return vscode.Disposable.from(
    register(documentSchemes.plan, plans),
    register(documentSchemes.planText, buildPlanTextProvider(parts)),
    register(documentSchemes.timeline, timelines),
    register(documentSchemes.text, written),
    plans,
    timelines,
    written,
  );
}

function buildPlanProvider({ store, words }: Parts): vscode.TextDocumentContentProvider & vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const stop = store.onDidChange(changed => {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === documentSchemes.plan && changed.has(`plan/${uri.query}`)) {
        changes.fire(uri);
      }
    }
  });
  return {
    onDidChange: changes.event,
    dispose: () => {
      stop();
      changes.dispose();
    },
    provideTextDocumentContent: uri => {
      const plan = store.state.plans.get(uri.query);
      return plan
        ? buildPlanText(plan, words, { started: store.state.started.has(plan.id) })
        : words.t(
            'This plan is gone: it lived as long as its window. Start "Slipway: Promote Release..." again.',
          );
    },
  };
}

function buildPlanTextProvider({ readPlanText }: Parts): vscode.TextDocumentContentProvider {
  return {
    provideTextDocumentContent: async uri => {
      const [planId = '', text = ''] = uri.query.split('/');
      try {
        return await readPlanText(planId, text);
      } catch (error) {
        const { message, next } = readFailure(error);
        return `# ${message}${next ? `\n# ${next}` : ''}\n`;
      }
    },
  };
}

function buildTimelineProvider(parts: Parts): vscode.TextDocumentContentProvider & vscode.Disposable {
  const { store, words, readEvents } = parts;
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const isOpen = (uri: vscode.Uri) => uri.scheme === documentSchemes.timeline;
  const stop = store.onDidChange(changed => {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (isOpen(uri) && (tellsOfPromotion(changed, uri.query) || changed.has('folders'))) {
        changes.fire(uri);
      }
    }
  });
  return {
    onDidChange: changes.event,
    provideTextDocumentContent: async uri => {
      const events = await readEvents(uri.query).catch(readFailure);
      const promotion = findPromotion(store.state, uri.query);
      return promotion
        ? buildTimelineText(promotion, events, words)
        : words.t('Slipway does not know this promotion, or not yet.');
    },
    dispose: () => {
      stop();
      changes.dispose();
    },
  };
}

function buildWrittenProvider({ texts }: Parts): vscode.TextDocumentContentProvider & vscode.Disposable {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const stop = texts.onDidWrite(path =>
    changes.fire(vscode.Uri.from({ scheme: documentSchemes.text, path })),
  );
  return {
    onDidChange: changes.event,
    provideTextDocumentContent: uri => texts.read(uri.path) ?? '',
    dispose: () => {
      stop();
      changes.dispose();
    },
  };
}
