import { buildReadableColor, parseColor, type Rgb, writeColor } from '../shared/readableColor.ts';
import { podColors } from './document/podTags.ts';

/** The theme's terminal colours in the order of SGR 30 to 37 and 90 to 97. */
const ansiNames = [
  'Black',
  'Red',
  'Green',
  'Yellow',
  'Blue',
  'Magenta',
  'Cyan',
  'White',
  'BrightBlack',
  'BrightRed',
  'BrightGreen',
  'BrightYellow',
  'BrightBlue',
  'BrightMagenta',
  'BrightCyan',
  'BrightWhite',
] as const;

const severityColors = {
  fatal: 'editorError-foreground',
  error: 'editorError-foreground',
  warning: 'editorWarning-foreground',
  info: 'editorInfo-foreground',
  quiet: 'descriptionForeground',
} as const;

/** What text needs to be read: WCAG 2, level AA. */
const leastContrast = 4.5;

/**
 * Gives an element the theme's colours as variables of our own (`--log-ansi-1`, `--log-on-1`, `--log-severity-error`,
 * `--log-pod-0`), each as readable on the editor's ground as text has to be, now and whenever the theme changes.
 */
export function followThemeColors(element: HTMLElement): void {
  const update = () => setColors(element);
  update();
  const observer = new MutationObserver(update);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
}

function setColors(element: HTMLElement): void {
  const theme = getComputedStyle(document.documentElement);
  const ground = readVariable(theme, 'editor-background') ?? [30, 30, 30];
  const text = readVariable(theme, 'editor-foreground') ?? [204, 204, 204];
  const set = (name: string, color: Rgb) => element.style.setProperty(`--log-${name}`, writeColor(color));
  const setReadable = (name: string, variable: string) =>
    set(name, buildReadableColor(readVariable(theme, variable) ?? text, ground, leastContrast));
  for (const [index, name] of ansiNames.entries()) {
    const color = readVariable(theme, `terminal-ansi${name}`) ?? text;
    set(`ansi-${index}`, buildReadableColor(color, ground, leastContrast));
    set(`ground-${index}`, color);
    set(`on-${index}`, buildReadableColor(text, color, leastContrast));
  }
  set('on-fore', buildReadableColor(ground, text, leastContrast));
  for (const [name, variable] of Object.entries(severityColors)) {
    setReadable(`severity-${name}`, variable);
  }
  for (const [index, variable] of podColors.entries()) {
    setReadable(`pod-${index}`, variable);
  }
}

function readVariable(theme: CSSStyleDeclaration, name: string): Rgb | undefined {
  return parseColor(theme.getPropertyValue(`--vscode-${name}`));
}
