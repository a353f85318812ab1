/**
 * Takes terminal escape sequences (colours, titles, cursor moves) out of a text: what a person would read is left.
 * https://ecma-international.org/publications-and-standards/standards/ecma-48/ : CSI, OSC and the other strings, the rest.
 */
export function stripEscapeSequences(text: string): string {
  return text.includes('\u001b') ? text.replace(escapeSequence, '') : text;
}

// Every alternative begins with ESC and is linear: none of them can be begun anew inside itself.
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  /\u001b(?:\[[0-?]*[ -/]*[@-~]?|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[PX^_][^\u001b]*(?:\u001b\\)?|[ -/]*[0-~]?)/g;
