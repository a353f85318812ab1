import { randomBytes } from 'node:crypto';
import type { PageBundle } from './readPage.ts';

/** What a page's HTML is built from; texts are plain, not HTML. */
export type PageOptions = {
  /** The BCP 47 tag of the editor's language. */
  readonly language: string;
  readonly title: string;
  /** Where the page is shown: it takes its background from there. */
  readonly place: 'sideBar' | 'editor';
  /** What the page holds. */
  readonly bundle: PageBundle;
  /** What the page can show before anything is sent to it; JSON. */
  readonly given?: unknown;
};

/**
 * Builds the HTML of a webview. It holds its script and style sheet, and nothing may be loaded: each file of a page
 * travels through VS Code's service worker and the window to the machine with the files and back, which takes a window
 * that has just begun a third of a second. Styles that a library adds at run time carry the nonce: the toolkit and
 * CodeMirror read it from the meta element `csp-nonce`.
 */
export function buildPageHtml(options: PageOptions): string {
  const nonce = randomBytes(16).toString('base64');
  const policy = ["default-src 'none'", `script-src 'nonce-${nonce}'`, `style-src 'nonce-${nonce}'`].join(
    '; ',
  );
  return `<!DOCTYPE html>
<html lang="${escapeHtml(options.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>${escapeHtml(options.title)}</title>
<style nonce="${nonce}">
${options.bundle.style}</style>
</head>
<body data-place="${options.place}">
<main id="page"></main>
${buildGiven(options.given)}<script nonce="${nonce}">
${escapeScript(options.bundle.script)}</script>
</body>
</html>
`;
}

/** A block of data: it is never run, whatever is in it. */
function buildGiven(given: unknown): string {
  return given === undefined
    ? ''
    : `<script type="application/json" id="given">${JSON.stringify(given).replaceAll('<', '\\u003C')}</script>\n`;
}

/** What would end a script, or begin a comment, in HTML stands in texts of JavaScript only, which can say it otherwise. */
function escapeScript(text: string): string {
  return text.replace(/<(?=!--|\/?script)/gi, '\\x3C');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
