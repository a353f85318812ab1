/** A colour of the screen: red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** Reads a colour as CSS has it: `#rgb`, `#rrggbb`, `#rrggbbaa`, `rgb(...)`, `rgba(...)`; undefined for every other. */
export function parseColor(text: string): Rgb | undefined {
  const hex = /^#([0-9a-f]{3,8})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const wide = hex.length < 6 ? [...hex].map(digit => digit + digit).join('') : hex;
    const part = (at: number) => Number.parseInt(wide.slice(at, at + 2), 16);
    return [part(0), part(2), part(4)];
  }
  const numbers = /^rgba?\(\s*([\d.]+)[\s,]+([\d.]+)[\s,]+([\d.]+)/i.exec(text.trim());
  return numbers ? [Number(numbers[1]), Number(numbers[2]), Number(numbers[3])] : undefined;
}

/** How well two colours can be told apart, from 1 to 21, as WCAG 2 reckons it. */
export function readContrast(one: Rgb, other: Rgb): number {
  const [lighter, darker] = [readLuminance(one), readLuminance(other)].sort((a, b) => b - a);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/**
 * The colour itself where it can be read on the ground, else the nearest to it on the way to black or white that can:
 * what the editor's own terminal does with its minimum contrast.
 */
export function buildReadableColor(color: Rgb, ground: Rgb, least: number): Rgb {
  if (readContrast(color, ground) >= least) {
    return color;
  }
  const target = readContrast(white, ground) > readContrast(black, ground) ? white : black;
  for (let step = 1; step < steps; step += 1) {
    const mixed = mixColors(color, target, step / steps);
    if (readContrast(mixed, ground) >= least) {
      return mixed;
    }
  }
  return target;
}

/** A colour as CSS writes it. */
export function writeColor([red, green, blue]: Rgb): string {
  return `rgb(${red}, ${green}, ${blue})`;
}

/** The colour that is seen where one with some transparency lies on a ground. */
function mixColors(from: Rgb, to: Rgb, share: number): Rgb {
  const mix = (at: 0 | 1 | 2) => Math.round(from[at] + (to[at] - from[at]) * share);
  return [mix(0), mix(1), mix(2)];
}

const black: Rgb = [0, 0, 0];
const white: Rgb = [255, 255, 255];
const steps = 20;

function readLuminance([red, green, blue]: Rgb): number {
  const part = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
}
