import { escapeSequences } from '../../protocol/escapeSequences.ts';

/** A part of a text that a program has coloured: classes of the page's style sheet. */
export type AnsiMark = { readonly from: number; readonly to: number; readonly classes: string };

/** A text without its escape sequences, and where they coloured it. */
export type AnsiText = { readonly text: string; readonly marks: readonly AnsiMark[] };

/** Takes the escape sequences out of a text and says what its colours coloured; every other sequence does nothing. */
export function splitAnsi(text: string): AnsiText {
  const marks: AnsiMark[] = [];
  let shown = '';
  let style: Style = plain;
  let at = 0;
  const add = (part: string) => {
    const classes = buildClasses(style);
    if (part !== '' && classes !== '') {
      marks.push({ from: shown.length, to: shown.length + part.length, classes });
    }
    shown += part;
  };
  for (const match of text.matchAll(escapeSequences)) {
    add(text.slice(at, match.index));
    at = match.index + match[0].length;
    if (match.groups?.['final'] === 'm') {
      style = applyParameters(style, match.groups['parameters'] ?? '');
    }
  }
  add(text.slice(at));
  return { text: shown, marks };
}

/** What is in force at a place of the text; colours are 0 to 15, as the theme has them. */
type Style = {
  readonly fore?: number | undefined;
  readonly back?: number | undefined;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
  readonly strike?: boolean;
};

const plain: Style = {};

/** What one parameter does; hidden and blinking text stays readable. */
const effects: Readonly<Record<number, Style>> = {
  1: { bold: true },
  2: { dim: true },
  3: { italic: true },
  4: { underline: true },
  7: { inverse: true },
  9: { strike: true },
  21: { underline: true },
  22: { bold: false, dim: false },
  23: { italic: false },
  24: { underline: false },
  27: { inverse: false },
  29: { strike: false },
  39: { fore: undefined },
  49: { back: undefined },
};

function applyParameters(style: Style, parameters: string): Style {
  const groups = parameters.split(';');
  let result = style;
  for (let index = 0; index < groups.length; index += 1) {
    const [code = 0, ...details] = readNumbers(groups[index]?.split(':') ?? []);
    if (details.length > 0) {
      result = applyGroup(result, code, details);
    } else if (isColorOf(code)) {
      const { color, used } = readColor(readNumbers(groups.slice(index + 1)));
      result = setColor(result, code, color);
      index += used;
    } else {
      result = code === 0 ? plain : { ...result, ...readColorCode(code), ...effects[code] };
    }
  }
  return result;
}

/** A parameter with details of its own, after colons: a colour with or without its colour space, a kind of underline. */
function applyGroup(style: Style, code: number, details: readonly number[]): Style {
  const [kind = 0, ...rest] = details;
  if (isColorOf(code)) {
    const values = kind === 2 ? rest.slice(-3) : rest;
    return setColor(style, code, readColor([kind, ...values]).color);
  }
  return code === 4 ? { ...style, underline: kind !== 0 } : { ...style, ...effects[code] };
}

/** Foreground, background, and the underline's own, which a theme does not have. */
function isColorOf(code: number): boolean {
  return code === 38 || code === 48 || code === 58;
}

function setColor(style: Style, code: number, color: number | undefined): Style {
  return color === undefined || code === 58 ? style : { ...style, [code === 38 ? 'fore' : 'back']: color };
}

function readNumbers(texts: readonly string[]): readonly number[] {
  return texts.map(text => (text === '' ? 0 : Number(text)));
}

function readColorCode(code: number): Style {
  const bright = code >= 90 ? 60 : 0;
  const base = code - bright;
  if (base >= 30 && base <= 37) {
    return { fore: base - 30 + (bright ? 8 : 0) };
  }
  return base >= 40 && base <= 47 ? { back: base - 40 + (bright ? 8 : 0) } : {};
}

/** A colour of the 256, or of 16 million: the nearest that the theme has, so that it can be read in every theme. */
function readColor(codes: readonly number[]): { readonly color: number | undefined; readonly used: number } {
  const [kind, first = 0, second = 0, third = 0] = codes;
  if (kind === 5) {
    return { color: first < 16 ? first : findNearest(readPaletteColor(first)), used: 2 };
  }
  return kind === 2
    ? { color: findNearest([first, second, third]), used: 4 }
    : { color: undefined, used: codes.length };
}

type Rgb = readonly [number, number, number];

function readPaletteColor(index: number): Rgb {
  if (index >= 232) {
    const gray = 8 + (index - 232) * 10;
    return [gray, gray, gray];
  }
  const levels = [0, 95, 135, 175, 215, 255];
  const cube = index - 16;
  const level = (place: number) => levels[place % 6] ?? 0;
  return [level(Math.floor(cube / 36)), level(Math.floor(cube / 6)), level(cube)];
}

/** What the 16 colours are about, in any theme. */
const references: readonly Rgb[] = [
  [0, 0, 0],
  [205, 49, 49],
  [13, 188, 121],
  [229, 229, 16],
  [36, 114, 200],
  [188, 63, 188],
  [17, 168, 205],
  [229, 229, 229],
  [102, 102, 102],
  [241, 76, 76],
  [35, 209, 139],
  [245, 245, 67],
  [59, 142, 234],
  [214, 112, 214],
  [41, 184, 219],
  [255, 255, 255],
];

function findNearest([red, green, blue]: Rgb): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [index, [r, g, b]] of references.entries()) {
    const distance = (red - r) ** 2 + (green - g) ** 2 + (blue - b) ** 2;
    if (distance < least) {
      least = distance;
      best = index;
    }
  }
  return best;
}

function buildClasses(style: Style): string {
  const { fore, back } = style;
  const inverse = style.inverse === true;
  const color = inverse ? back : fore;
  const behind = inverse ? (fore ?? 'fore') : back;
  return [
    // On a coloured ground the text takes what can be read on it, whatever colour was asked for.
    ...(behind === undefined ? (color === undefined ? [] : [`ansi-${color}`]) : [`ansi-on-${behind}`]),
    ...(style.bold ? ['ansi-bold'] : []),
    ...(style.dim && behind === undefined ? ['ansi-dim'] : []),
    ...(style.italic ? ['ansi-italic'] : []),
    ...(style.underline ? ['ansi-underline'] : []),
    ...(style.strike ? ['ansi-strike'] : []),
  ].join(' ');
}
