/**
 * Takes terminal escape codes and control characters out of a text that people will see; tabs and line ends stay,
 * a lone carriage return (a progress bar) becomes a line end. Chart versions and pod logs have carried such codes
 * (GHSA-c38g-469g-cmgx).
 */
export function stripControlCharacters(text: string): string {
  return text.replace(escapeCodes, '').replace(/\r\n?/g, '\n').replace(invisible, '');
}

// CSI; OSC, DCS, SOS, PM and APC up to their terminator; two-character codes, among them what begins a code without an
// end: it must not hide the rest of its line. The C1 forms (one character, U+0080..U+009F) count too.
const escapeCodes = new RegExp(
  [
    String.raw`(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]`,
    String.raw`(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c\n]*(?:\u0007|\u001b\\|\u009c)`,
    String.raw`\u001b[ -/]*[0-~]`,
  ].join('|'),
  'g',
);

// Everything else below the space but tab and line feed, DEL, C1, and the marks that reorder text.
const invisible = /(?![\t\n])[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;
