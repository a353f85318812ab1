import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** The daemon's folders, left to right; inside a list are siblings that may not import each other. */
const daemonChain: readonly (readonly string[])[] = [
  ['server'],
  ['handlers'],
  ['promotion'],
  ['methods', 'evidence', 'watching', 'notify', 'report'],
  ['sources'],
  ['steps'],
  ['store', 'tools', 'clusters'],
  ['protocol'],
  ['model'],
];

/** The extension's folders, left to right. */
const extensionChain: readonly (readonly string[])[] = [
  ['commands', 'views', 'panels'],
  ['state'],
  ['connection'],
];

/** One import that points the wrong way. */
export type Violation = { readonly file: string; readonly imports: string };

/** Finds every relative import below `root` that breaks the chain of the README. */
export function findViolations(root: string): readonly Violation[] {
  return ['daemon', 'extension', 'webview']
    .filter(folder => existsSync(join(root, folder)))
    .flatMap(folder => listSources(join(root, folder)))
    .flatMap(file =>
      listImports(file).map(target => ({ file: relative(root, file), imports: relative(root, target) })),
    )
    .filter(({ file, imports }) => !isAllowed(file, imports));
}

function isAllowed(file: string, imports: string): boolean {
  const from = file.split('/');
  const to = imports.split('/');
  switch (from[0]) {
    case 'daemon':
      return to[0] === 'daemon' && isAllowedInDaemon(from, to);
    case 'extension':
      return isAllowedInExtension(from, to);
    default:
      return isAllowedInWebview(from, to);
  }
}

function isAllowedInExtension(from: readonly string[], to: readonly string[]): boolean {
  const [, source = ''] = from;
  const [side, target = ''] = to;
  switch (side) {
    case 'extension':
      return from.length === 2 || to.length === 2 || pointsRight(extensionChain, source, target);
    case 'daemon':
      return target === 'protocol' || (target === 'client' && source === 'connection');
    default:
      return side === 'webview' && target === 'protocol' && source === 'panels';
  }
}

function isAllowedInWebview(from: readonly string[], to: readonly string[]): boolean {
  const [, source = ''] = from;
  const [side, target = ''] = to;
  if (side === 'webview') {
    return source === target || target === 'protocol' || (target === 'shared' && source !== 'protocol');
  }
  return side === 'daemon' && target === 'protocol';
}

function isAllowedInDaemon(from: readonly string[], to: readonly string[]): boolean {
  const [, source = '', sourceInner = ''] = from;
  const [, target = '', targetInner = ''] = to;
  // main.ts, and what it calls to build every part: daemon.ts and buildServices.ts.
  if (from.length === 2) {
    return true;
  }
  if (source === 'client' || source === 'cli') {
    return target === source || target === 'protocol' || (source === 'cli' && target === 'client');
  }
  if (source === 'tools' && target === 'tools') {
    return sourceInner === targetInner || targetInner === 'process';
  }
  return pointsRight(daemonChain, source, target);
}

function pointsRight(chain: readonly (readonly string[])[], source: string, target: string): boolean {
  const place = (name: string) => chain.findIndex(layer => layer.includes(name));
  return source === target || (place(source) >= 0 && place(target) > place(source));
}

function listImports(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g);
  return [...found].map(match => resolve(dirname(file), match[1] ?? ''));
}

function listSources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name));
}
