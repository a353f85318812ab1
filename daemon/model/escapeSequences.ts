/**
 * Takes terminal escape sequences (colours, titles, cursor moves) out of a text: what a person would read is left.
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/ : CSI, OSC and the other strings, the rest.
 * The page shows what is left here (webview/protocol/escapeSequences.ts), or it would find what nobody sees.
 */
export function stripEscapeSequences(text: string): string {
  return text.includes('\u001b') ? text.replace(escapeSequence, '') : text;
}

// Each alternative is linear: none can be begun anew inside itself. A terminal would wait for the end of a sequence that
// has none; a line must not lose its text, so the last one takes no more than what begins it.
const escapeSequence = new RegExp(
  [
    String.raw`\u001b\[[0-?]*[ -/]*[@-~]`,
    String.raw`\u001b\][^\u0007\u001b\n]*(?:\u0007|\u001b\\)`,
    String.raw`\u001b[PX^_][^\u001b\n]*\u001b\\`,
    String.raw`\u001b[ -/]+[0-~]`,
    String.raw`\u001b[0-OQ-WYZ\\\x60-~]`,
    String.raw`\u001b[[\]PX^_]?`,
  ].join('|'),
  'g',
);
