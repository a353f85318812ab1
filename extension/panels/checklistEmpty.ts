import { describeMisplaced } from '../misplacedWords.ts';
import type { ChecklistSubject } from '../state/checklistSubject.ts';
import { listRepositories } from '../state/storeState.ts';
import { decideViewState } from '../state/viewState.ts';
import type { Translate } from '../words.ts';
import type { ChecklistPageInput } from './checklistPageInput.ts';
import type { PanelAction } from './panelAction.ts';

/** A page without gates, and what leads on from it. */
export type EmptyPage = {
  readonly title: string;
  readonly notices: string[];
  readonly actions: readonly PanelAction[];
  readonly busy?: string;
};

/** What the page says while there is nothing to show gates of; `undefined` when there is. */
export function buildEmptyPage(input: ChecklistPageInput): EmptyPage | undefined {
  const { checklist, store, words, isTrusted } = input;
  const { t } = words;
  const { subject } = checklist;
  if (!isTrusted) {
    return say(t, t('This window is in Restricted Mode: Slipway cannot promote from it.'), {
      title: t('Manage Workspace Trust'),
      command: 'workbench.trust.manage',
    });
  }
  const blocked = buildBlocked(input);
  if (blocked) {
    return blocked;
  }
  const repository = subject
    ? store.repositories.get(subject.repositoryId)
    : listRepositories(store).find(({ trust }) => trust.state !== 'trusted');
  if (repository && repository.trust.state !== 'trusted') {
    return say(
      t,
      t(
        'Slipway may not act for {0} yet. Read the commands that its slipway.yaml can make Slipway run, then decide.',
        repository.name,
      ),
      {
        title: t('Trust Repository...'),
        command: 'slipway.trustRepository',
        argument: { repositoryId: repository.id },
      },
    );
  }
  if (subject) {
    return undefined;
  }
  return listRepositories(store).every(({ releases }) => releases.length === 0)
    ? say(t, t('No tag is a release yet. Create one, then look again.'), {
        title: t('Refresh Releases'),
        command: 'slipway.refreshReleases',
      })
    : say(
        t,
        t('Select a release or an environment in Releases to see what holds it back, and its checklist.'),
        { title: t('Choose...'), command: 'slipway.showChecklist' },
      );
}

/** What keeps the Releases view empty keeps this one empty, too; a cluster is not needed here. */
function buildBlocked({ store, words, checklist }: ChecklistPageInput): EmptyPage | undefined {
  const { t } = words;
  const look = { title: t('Look Again'), command: 'slipway.refreshReleases' };
  const log = { title: t('Show Log'), command: 'slipway.showLog' };
  switch (decideViewState(store)) {
    case 'noFolder':
      return say(t, t('No folder is open. Open a git repository with a slipway.yaml.'), {
        title: t('Open Folder'),
        command: 'workbench.action.files.openFolder',
      });
    case 'starting':
      // The gates may be known before the repository's trees are.
      if (checklist.view && store.daemon.state === 'connected') {
        return undefined;
      }
      return {
        ...say(t),
        ...(checklist.subject ? { title: buildTitle(checklist.subject, t) } : {}),
        busy: t('Slipway is reading the repository'),
      };
    case 'disconnected':
      return say(t, t('Slipway\u2019s daemon does not answer, so nothing can be shown.'), log, {
        title: t('Restart Daemon'),
        command: 'slipway.restartDaemon',
      });
    case 'noRepository':
      return say(t, t('This folder is no git repository. Releases come from git tags.'), look);
    case 'noProcedure': {
      const [repository] = listRepositories(store);
      if (repository?.misplaced) {
        const { sentence, next } = describeMisplaced(repository.misplaced, t);
        const file = { title: t('Show the File'), command: 'slipway.openProcedure' };
        return say(t, `${sentence} ${next}`, file, look);
      }
      return say(t, t('There is no slipway.yaml at the root of this repository.'), look);
    }
    case 'invalid':
      return say(t, t('slipway.yaml has errors, so its gates cannot be shown.'), {
        title: t('Open slipway.yaml'),
        command: 'slipway.openProcedure',
      });
    case 'failed': {
      const problem = store.folders.find(folder => folder.problem)?.problem;
      const why = [problem?.message, problem?.next].filter(Boolean).join(' ');
      return say(t, why || t('Slipway cannot read this folder. The log says why.'), look, log);
    }
    default:
      return undefined;
  }
}

/** What the checklist is about: "v2.1.0 to production". */
export function buildTitle({ release, environment }: ChecklistSubject, t: Translate): string {
  return t('{0} to {1}', release, environment);
}

function say(t: Translate, sentence?: string, ...actions: readonly PanelAction[]): EmptyPage {
  return { title: t('Checklist'), notices: sentence === undefined ? [] : [sentence], actions };
}
