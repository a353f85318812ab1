import type { StoreState } from '../state/storeState.ts';
import type { Words } from '../words.ts';
import { buildLoginSentence } from './loginSentence.ts';
import { buildItem, type ViewItem } from './viewItem.ts';

/** What is wrong with this machine rather than with a repository: tools that cannot be used, logins that wait. */
export function buildMachineItems({ tools, logins }: StoreState, words: Words): readonly ViewItem[] {
  return [
    ...[...logins.values()].map(login => {
      const label = buildLoginSentence(login, words);
      return buildItem({
        id: `machine/login/${login.id}`,
        label,
        tooltip: [label, words.t('It is stopped at {0}.', words.time(login.until)), login.said]
          .filter(text => text !== '')
          .join('\n'),
        icon: { id: 'key', color: 'list.warningForeground' },
        context: 'login',
        click: 'slipway.answerLogin',
        target: { loginId: login.id },
      });
    }),
    ...tools.map(({ name, message, next }) =>
      buildItem({
        id: `machine/tool/${name}`,
        label: message,
        tooltip: `${message}\n${next}`,
        icon: { id: 'warning', color: 'list.warningForeground' },
        context: 'alarm;tool',
        click: 'slipway.showSetup',
      }),
    ),
  ];
}
