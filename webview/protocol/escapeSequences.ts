/**
 * Every complete escape sequence of a terminal: CSI (`m` is colour), OSC, the other strings, and the short ones; each
 * is linear. One that has no end stays in the text, where the editor shows its first character: it must not hide the rest.
 */
export const escapeSequences = new RegExp(
  [
    String.raw`\u001b\[(?<parameters>[0-?]*)[ -/]*(?<final>[@-~])`,
    String.raw`\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)`,
    String.raw`\u001b[PX^_][^\u001b]*\u001b\\`,
    String.raw`\u001b[ -/]+[0-~]`,
    String.raw`\u001b[0-OQ-WYZ\\\x60-~]`,
  ].join('|'),
  'g',
);

/** Takes the escape sequences out of a text: colours, titles, cursor moves. */
export function removeEscapes(text: string): string {
  return text.includes('\u001b') ? text.replace(escapeSequences, '') : text;
}
