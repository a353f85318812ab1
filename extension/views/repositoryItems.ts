import type { ReleaseView } from '../../daemon/protocol/release.ts';
import type { RepositoryView } from '../../daemon/protocol/repository.ts';
import { labelMisplaced } from '../misplacedWords.ts';
import type { Translate, Words } from '../words.ts';
import type { RowPlace } from './environmentRows.ts';
import { buildItem, type ViewItem } from './viewItem.ts';

/** What people must see first: a policy that cannot be read, a moved tag, a file to mend, trust that is missing. */
export function buildAlarmItems(repository: RepositoryView, words: Words): readonly ViewItem[] {
  const { t } = words;
  const id = `repository/${repository.id}/alarm`;
  const target = { repositoryId: repository.id };
  const alarm = (name: string, label: string, click?: string) =>
    buildItem({
      id: `${id}/${name}`,
      label,
      tooltip: label,
      icon: { id: 'warning', color: 'list.warningForeground' },
      context: `alarm;${name}`,
      target,
      ...(click ? { click } : {}),
    });
  return [
    ...(repository.policy.problem
      ? [
          alarm(
            'policy',
            t('The policy cannot be read: {0}', repository.policy.problem),
            'workbench.view.scm',
          ),
        ]
      : []),
    ...(repository.procedure === 'missing'
      ? [
          repository.misplaced
            ? alarm('misplaced', labelMisplaced(repository.misplaced, t), 'slipway.openProcedure')
            : alarm(
                'missing',
                t('There is no slipway.yaml at the root of the repository'),
                'slipway.createProcedure',
              ),
        ]
      : []),
    ...(repository.procedure === 'invalid'
      ? [alarm('invalid', t('slipway.yaml has errors'), 'slipway.openProcedure')]
      : []),
    ...(repository.trust.state === 'trusted'
      ? []
      : [
          alarm(
            'trust',
            repository.trust.state === 'changed'
              ? t('The commands of slipway.yaml changed: trust them again')
              : t('Slipway may not act for this repository yet'),
            'slipway.trustRepository',
          ),
        ]),
    ...repository.releases.flatMap(release => buildMovedItem(release, { id, target }, t)),
  ];
}

function buildMovedItem(release: ReleaseView, place: RowPlace, t: Translate): readonly ViewItem[] {
  const { version, commit, movedFrom } = release;
  return movedFrom === undefined
    ? []
    : [
        buildItem({
          id: `${place.id}/moved/${version}`,
          label: t('The tag {0} was moved', version),
          tooltip: [
            t(
              '{0} pointed to {1} before and points to {2} now.',
              version,
              movedFrom.slice(0, 7),
              commit.slice(0, 7),
            ),
            t('Find out who moved the tag; run "Slipway: Accept Moved Tag..." only when it was on purpose.'),
          ].join('\n'),
          icon: { id: 'warning', color: 'list.warningForeground' },
          context: `alarm;moved/${version}`,
          click: 'slipway.acceptMovedTag',
          target: { ...place.target, release: version },
        }),
      ];
}

/** The repository itself: branch, policy and what people should know about them. */
export function buildRepositoryItem(repository: RepositoryView, words: Words): ViewItem {
  const { t } = words;
  const id = `repository/${repository.id}/about`;
  const { head, policy, notices } = repository;
  const commit = head.commit ? head.commit.slice(0, 7) : t('no commit');
  const place = head.detached ? t('detached at {0}', commit) : (head.branch ?? commit);
  const states = [place, ...(head.dirty ? [t('uncommitted changes')] : [])];
  const row = (name: string, label: string, icon: string) =>
    buildItem({ id: `${id}/${name}`, label, tooltip: label, icon: { id: icon }, context: 'notice' });
  const description = states.join(' \u00b7 ');
  return buildItem({
    id,
    label: t('Repository'),
    description,
    tooltip: `${repository.folder}\n${description}`,
    icon: { id: 'repo' },
    context: 'about',
    target: { repositoryId: repository.id },
    children: [
      row(
        'policy',
        t('Policy from {0}', policy.from) + (policy.commit ? t(' at {0}', policy.commit.slice(0, 7)) : ''),
        'law',
      ),
      ...(policy.advice ? [row('advice', policy.advice, 'info')] : []),
      ...(policy.workingTreeDiffers
        ? [
            row(
              'preview',
              t('Your slipway.yaml differs: it is a preview until it is in {0}', policy.from),
              'info',
            ),
          ]
        : []),
      ...(head.detached
        ? [row('detached', t('HEAD is detached at {0}: no branch holds your next commit', commit), 'info')]
        : []),
      ...(head.dirty
        ? [row('dirty', t('The working tree has uncommitted changes; a release never holds them'), 'info')]
        : []),
      ...notices.map((notice, index) => row(`notice/${index}`, notice, 'info')),
    ],
  });
}
