import * as vscode from 'vscode';
import type { Result } from '../../daemon/protocol/messages.ts';
import { buildTextPlace } from '../state/documentPaths.ts';
import type { StoreState } from '../state/storeState.ts';
import type { Words } from '../words.ts';
import type { CommandContext } from './commandContext.ts';

/** Shows which tools, which PATH, which kubeconfigs and which folders Slipway uses, and where each came from. */
export async function showSetup({ daemon, store, texts, words }: CommandContext): Promise<void> {
  const setup = await daemon.request('setup.show', {});
  const place = buildTextPlace(words.t('Setup'));
  texts.write(place.path, buildSetupText(setup, store.state, words));
  await vscode.window.showTextDocument(vscode.Uri.from(place));
}

function buildSetupText(setup: Result<'setup.show'>, { daemon }: StoreState, { t }: Words): string {
  const tools = setup.tools.flatMap(tool => [
    `- ${tool.name} ${tool.version ?? ''}`.trimEnd(),
    ...(tool.path ? [`  ${tool.path}`] : []),
    ...(tool.problem ? [`  ${t('PROBLEM: {0}', tool.problem)}`] : []),
  ]);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [t('What to know'), setup.notices.map(notice => `- ${notice}`)],
    [t('Tools'), tools],
    [t('Kubeconfigs'), setup.kubeconfigs.map(file => `- ${file}`)],
    [t('PATH, from {0}', setup.pathFrom), setup.path.split(':').map(folder => `- ${folder}`)],
    [
      t('Daemon'),
      [
        ...(daemon.state === 'connected'
          ? [
              `- ${t('Version {0} on {1}', daemon.version, daemon.host)}`,
              `- ${t('You act as {0}', daemon.person)}`,
            ]
          : []),
        `- ${t('State folder {0}', setup.stateFolder)}`,
        `- ${t('Log file {0}', setup.logFile)}`,
      ],
    ],
  ];
  return [
    `# ${t('Setup')}`,
    ...sections.flatMap(([title, lines]) => (lines.length > 0 ? ['', `## ${title}`, '', ...lines] : [])),
    '',
  ].join('\n');
}
