import { type Document, parseAllDocuments, type ScalarTag, type Tags, type YAMLError } from 'yaml';
import { SlipwayError } from '../protocol/errors.ts';

/** One YAML document of a rendered manifest. */
export type ManifestDocument = {
  /** For people: the template that it comes from, as helm writes it down, or its number. */
  readonly name: string;
  readonly value: unknown;
};

/**
 * Reads the documents of a rendered manifest as helm and Kubernetes do, whose YAML library takes more than the
 * specification allows. Leaves out the empty ones. Throws the SlipwayError of `buildManifestError`.
 */
export function readManifestDocuments(text: string): ManifestDocument[] {
  // Apart from each other, so that a document which cannot be read is named, and none spoils the next.
  const [first = '', ...others] = text.split(/^---(?=\s|$)/m);
  const parts = first.trim() === '' ? others : [first, ...others];
  return parts.flatMap((part, index) => {
    const template = /^# Source: (?<template>.+)$/m.exec(part)?.groups?.['template']?.trim();
    const name = template ?? `document ${index + 1} of the manifest`;
    return parseLeniently(part)
      .map(document => ({ name, value: readValue(document, name) }))
      .filter(({ value }) => value !== null && value !== undefined);
  });
}

/** The error for people where what helm renders cannot be read. It has no cause, since that would quote the text. */
export function buildManifestError(name: string, why: string): SlipwayError {
  return new SlipwayError('toolFailed', `What helm rendered cannot be read: ${name}: ${why}.`, {
    next: 'Correct the template, then make a new release.',
    details: { template: name },
  });
}

/**
 * Each use of an anchor counts as often as the anchors within it are used. Helm's own limit lies higher for what is
 * small and lower for what is large; without any, ten lines could become a billion objects.
 */
const maxAliasCount = 100_000;

function readValue(document: Document, name: string): unknown {
  const [error] = document.errors;
  if (error) {
    const line = error.linePos?.[0].line;
    throw buildManifestError(name, `${cutQuotes(error)}${line === undefined ? '' : `, line ${line}`}`);
  }
  try {
    return document.toJS({ maxAliasCount });
  } catch (error) {
    throw buildManifestError(name, cutQuotes(error));
  }
}

/** What the parser says, without what it quotes of the text, which may be a Secret's. */
function cutQuotes(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/(?:: | at line ).*/s, '');
}

/** Every repair reads the document again: together they read at most so many characters, about a second's work. */
const mostReread = 4_000_000;

/**
 * Parses a document whose quoted texts and flow collections may go on at any column: our parser wants them to be
 * indented, and reads something else where they are not. Indenting these lines changes nothing of what they say.
 */
function parseLeniently(text: string): readonly Document[] {
  const indent = ' '.repeat(findDeepestIndent(text) + 1);
  let repaired = text;
  for (let read = text.length; ; read += repaired.length) {
    const documents: readonly Document[] = parseAllDocuments(repaired, {
      version: '1.1',
      merge: true,
      // The last of two equal keys holds, and a comment may follow a quoted text at once.
      uniqueKeys: false,
      strict: false,
      customTags: readTagsAsKubernetes,
    });
    const errors = documents.flatMap(document => document.errors);
    const better: string | undefined = errors
      .map(error => indentContinuation(repaired, error, indent))
      .find(other => other !== undefined);
    if (better === undefined || read >= mostReread) {
      return documents;
    }
    repaired = better;
  }
}

/** Nothing is nested deeper than where the keys and dashes of a line begin. */
function findDeepestIndent(text: string): number {
  return text.split('\n').reduce((deepest, line) => {
    const [lead = ''] = /^[ ?-]*/.exec(line) ?? [];
    return Math.max(deepest, lead.length);
  }, 0);
}

/** The text with the lines indented that an error is about; `undefined` where that does not help. */
function indentContinuation(text: string, error: YAMLError, indent: string): string | undefined {
  const [at] = error.pos;
  const quote = /^Missing closing (?<quote>["'])/.exec(error.message)?.groups?.['quote'];
  if (quote !== undefined) {
    return indentQuoted(text, { start: text.indexOf('\n', at) + 1, quote, indent });
  }
  return error.code === 'BAD_INDENT' && error.message.startsWith('Flow ')
    ? indentLine(text, findContinuation(text, at), indent)
    : undefined;
}

/** Indents the lines from `start` to the quote that ends the text. */
function indentQuoted(
  text: string,
  { start, quote, indent }: { readonly start: number; readonly quote: string; readonly indent: string },
): string | undefined {
  const rest = text.slice(start);
  const [quoted] = (quote === '"' ? /^[^"\\]*(?:\\.[^"\\]*)*"/s : /^[^']*(?:''[^']*)*'/).exec(rest) ?? [];
  return start === 0 || quoted === undefined || rest.startsWith(indent)
    ? undefined
    : text.slice(0, start) + quoted.replace(/^/gm, indent) + rest.slice(quoted.length);
}

/** Indents one line, once. */
function indentLine(text: string, start: number, indent: string): string | undefined {
  const rest = text.slice(start);
  return start === 0 || rest.trim() === '' || rest.startsWith(indent)
    ? undefined
    : text.slice(0, start) + indent + rest;
}

/** Where the first line begins that has anything at or after a place, and nothing before it; 0 where there is none. */
function findContinuation(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const [blank = ''] = /^\s*/.exec(text.slice(at)) ?? [];
  return text.slice(start, at).trim() === ''
    ? text.lastIndexOf('\n', at + blank.length - 1) + 1
    : text.indexOf('\n', at) + 1;
}

/** Kubernetes' YAML library knows no times and no numbers to the base of 60, and reads binary as text. */
const readTagsAsKubernetes = (tags: Tags): Tags => [
  ...tags.filter(
    tag =>
      typeof tag === 'string' || (!replacedTags.has(tag.tag) && !('format' in tag && tag.format === 'TIME')),
  ),
  binaryAsText,
];

const binaryAsText: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve: text => Buffer.from(text, 'base64').toString('utf8'),
};
const replacedTags: ReadonlySet<string> = new Set(['tag:yaml.org,2002:timestamp', binaryAsText.tag]);
