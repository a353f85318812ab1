import type { ChecklistView } from '../../daemon/protocol/checklist.ts';
import { buildFailureActions } from '../../extension/commands/failureActions.ts';
import { type BuiltPage, buildChecklistPage } from '../../extension/panels/checklistPage.ts';
import type { ChecklistState } from '../../extension/state/checklistState.ts';
import type { StoreState } from '../../extension/state/storeState.ts';
import { fillIn } from '../../extension/words.ts';
import { checklistProtocol } from '../../webview/protocol/checklistProtocol.ts';
import { aChecklistView } from '../builders/checklists.ts';
import { anEnvironment, anOpenState, aRepository, aRunning, someWords } from '../builders/views.ts';
import { type OpenedPage, type OpenOptions, openPage } from './openPage.ts';

/** The checklist's page with the extension's own words in it. */
export type OpenedChecklist = OpenedPage & {
  /** Shows another state, as the extension would. */
  readonly show: (checklist?: Partial<ChecklistState>, store?: StoreState) => Promise<BuiltPage>;
  /** Says that what came of a tick has been shown, as the extension does after it. */
  readonly answer: (checkId: string) => Promise<void>;
  /** The messages of a type that the page has sent, each checked. */
  readonly sentOf: (type: string) => readonly unknown[];
};

/** A window that knows staging and production, both connected. */
export function aWindow(): StoreState {
  return anOpenState(
    aRepository({
      environments: [
        anEnvironment({ running: [aRunning({ version: 'v2.0.0' })] }),
        anEnvironment({ name: 'production', after: 'staging', namespace: 'kosmos' }),
      ],
    }),
  );
}

/** Builds the page of a state. */
export function buildPage(checklist: Partial<ChecklistState> = {}, store: StoreState = aWindow()): BuiltPage {
  const view: ChecklistView = aChecklistView();
  const { repositoryId, environment, release } = view;
  return buildChecklistPage({
    checklist: {
      subject: { repositoryId, environment, release },
      pinned: false,
      reading: false,
      busy: new Set(),
      view,
      ...checklist,
    },
    store,
    isTrusted: true,
    words: someWords(),
    failureActions: code => buildFailureActions(code, fillIn),
  });
}

/** Opens the page in Chromium; resolves when it has shown its content, at once where that is still awaited. */
export async function openChecklist(
  options: Partial<OpenOptions> & { readonly first?: BuiltPage } = {},
): Promise<OpenedChecklist> {
  let current = options.first ?? buildPage();
  let opened: OpenedPage | undefined;
  let waiting = false;
  const { promise: shown, resolve } = Promise.withResolvers<void>();
  const answer = () => {
    waiting = opened === undefined;
    // A page that is gone hears nothing.
    opened?.send({ type: 'show', page: current.page }).catch(() => {});
  };
  opened = await openPage({
    name: 'checklist',
    place: 'sideBar',
    ...options,
    onMessage: message => {
      const { type } = checklistProtocol.fromPage.parse(message);
      if (type === 'ready') {
        answer();
      } else if (type === 'shown') {
        resolve();
      }
    },
  });
  if (waiting) {
    answer();
  }
  if (current.page.busy === undefined) {
    await shown;
  }
  const { send, sent } = opened;
  return {
    ...opened,
    show: async (checklist, store) => {
      current = buildPage(checklist, store);
      await send({ type: 'show', page: current.page });
      return current;
    },
    answer: checkId => send({ type: 'answered', checkId }),
    sentOf: type => sent.filter(message => checklistProtocol.fromPage.parse(message).type === type),
  };
}
