import { randomBytes } from 'node:crypto';

/** What a page's HTML is built from; texts are plain, not HTML. */
export type PageOptions = {
  /** The BCP 47 tag of the editor's language. */
  readonly language: string;
  readonly title: string;
  /** Where the page is shown: it takes its background from there. */
  readonly place: 'sideBar' | 'editor';
  /** The webview's own source for styles and fonts. */
  readonly cspSource: string;
  /** The addresses of the page's bundle and style sheet. */
  readonly script: string;
  readonly style: string;
};

/**
 * Builds the HTML of a webview: nothing may be loaded but its own script and style sheet, and no code may be written
 * into the page. Styles that a library adds at run time carry the nonce: the toolkit and CodeMirror read it from the
 * meta element `csp-nonce`.
 */
export function buildPageHtml(options: PageOptions): string {
  const nonce = randomBytes(16).toString('base64');
  const { cspSource } = options;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(options.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta property="csp-nonce" content="${nonce}">
<title>${escapeHtml(options.title)}</title>
<link rel="stylesheet" href="${escapeHtml(options.style)}">
</head>
<body data-place="${options.place}">
<main id="page"></main>
<script nonce="${nonce}" src="${escapeHtml(options.script)}"></script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`);
}
