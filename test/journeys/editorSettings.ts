import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The themes a person may use. */
export type Theme = 'light' | 'dark' | 'highContrast' | 'highContrastLight';

const themes: Readonly<Record<Theme, { readonly name: string; readonly class: string }>> = {
  light: { name: 'Default Light Modern', class: 'vs' },
  dark: { name: 'Default Dark Modern', class: 'vs-dark' },
  highContrast: { name: 'Default High Contrast', class: 'hc-black' },
  highContrastLight: { name: 'Default High Contrast Light', class: 'hc-light' },
};

/** The class of the window's outermost element in a theme. */
export function buildThemeClass(theme: Theme): string {
  return themes[theme].class;
}

/** Writes the settings of an editor of these tests; a running editor takes them at once. */
export async function writeEditorSettings(
  stateDir: string,
  theme: Theme,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  // The server's machine settings: the user's own live in the browser's storage.
  const folder = join(stateDir, 'user', 'Machine');
  await mkdir(folder, { recursive: true });
  const settings = {
    'workbench.colorTheme': themes[theme].name,
    'workbench.startupEditor': 'none',
    'workbench.secondarySideBar.defaultVisibility': 'hidden',
    'workbench.tips.enabled': false,
    'chat.disableAIFeatures': true,
    'window.commandCenter': false,
    'editor.accessibilitySupport': 'off',
    'git.openRepositoryInParentFolders': 'never',
    // A commit's message is asked for in an input box.
    'git.useEditorAsCommitInput': false,
    'remote.autoForwardPorts': false,
    'extensions.ignoreRecommendations': true,
    ...more,
  };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
}
