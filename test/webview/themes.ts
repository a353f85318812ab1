import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The themes in which pages are looked at. */
export const themeNames = ['light', 'dark', 'highContrast', 'highContrastLight'] as const;

/** A theme in which pages are looked at. */
export type ThemeName = (typeof themeNames)[number];

/** The classes of a page's body, as the editor sets them. */
const classNames: Readonly<Record<ThemeName, string>> = {
  light: 'vscode-light',
  dark: 'vscode-dark',
  highContrast: 'vscode-high-contrast',
  highContrastLight: 'vscode-high-contrast-light vscode-high-contrast',
};

/** What the editor gives a page in a theme: classes for its body, and every colour as a variable. */
export function buildThemeCss(theme: ThemeName): { readonly className: string; readonly style: string } {
  const file = join(import.meta.dirname, 'themes', `${theme}.json`);
  const variables = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  const lines = Object.entries(variables).map(([name, value]) => `  ${name}: ${value};`);
  return { className: classNames[theme], style: `:root {\n${lines.join('\n')}\n}\n` };
}
