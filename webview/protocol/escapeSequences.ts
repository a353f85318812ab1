/**
 * The escape sequences of a terminal: CSI (`m` is colour), OSC, the other strings, and the short ones; each is linear.
 * Of one that has no end, only what begins it: it must not hide the rest. The daemon looks for patterns in what is left.
 */
export const escapeSequences = new RegExp(
  [
    String.raw`\u001b\[(?<parameters>[0-?]*)[ -/]*(?<final>[@-~])`,
    String.raw`\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)`,
    String.raw`\u001b[PX^_][^\u001b\n]*\u001b\\`,
    String.raw`\u001b[ -/]+[0-~]`,
    String.raw`\u001b[0-OQ-WYZ\\\x60-~]`,
    String.raw`\u001b[[\]PX^_]?`,
  ].join('|'),
  'g',
);

/** Takes the escape sequences out of a text: colours, titles, cursor moves. */
export function removeEscapes(text: string): string {
  return text.includes('\u001b') ? text.replace(escapeSequences, '') : text;
}
