import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type LineCounter, type Node } from 'yaml';

/** A place in the text; lines and columns start at 0, as in the editor. */
export type TextRange = {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
};

/** The steps from the top of the file to a key or an item. */
export type YamlPath = readonly PropertyKey[];

/** Finds where things stand in a YAML document. */
export type YamlPositions = {
  /** The range of the key (for an item of a list: of the item) at a path, or of its nearest ancestor that exists. */
  readonly ofKey: (path: YamlPath) => TextRange;
  /** The range of the value at a path, or of the key of its nearest ancestor that exists. */
  readonly ofValue: (path: YamlPath) => TextRange;
  /** The range between two offsets of the text. */
  readonly ofOffsets: (start: number, end: number) => TextRange;
};

/** Builds the look-up of positions for a parsed document. */
export function buildYamlPositions(document: Document, lines: LineCounter): YamlPositions {
  const ofOffsets = (start: number, end: number): TextRange => {
    const from = lines.linePos(start);
    const to = lines.linePos(Math.max(start, end));
    return {
      startLine: Math.max(0, from.line - 1),
      startColumn: Math.max(0, from.col - 1),
      endLine: Math.max(0, to.line - 1),
      endColumn: Math.max(0, to.col - 1),
    };
  };
  const ofNode = (node: Node | undefined): TextRange | undefined =>
    node?.range ? ofOffsets(node.range[0], node.range[1]) : undefined;
  const top: TextRange = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
  const ofKey = (path: YamlPath): TextRange => {
    for (let length = path.length; length > 0; length -= 1) {
      const range = ofNode(findEntry(document, path.slice(0, length))?.key);
      if (range) {
        return range;
      }
    }
    return top;
  };
  const ofValue = (path: YamlPath): TextRange => {
    const value = path.length === 0 ? document.contents : findEntry(document, path)?.value;
    return ofNode(value ?? undefined) ?? ofKey(path);
  };
  return { ofKey, ofValue, ofOffsets };
}

/** The text of the scalar at a path as it is written, without quotes; `undefined` where no scalar stands. */
export function findSource(document: Document, path: YamlPath): string | undefined {
  const value = findEntry(document, path)?.value;
  const node = isAlias(value) ? value.resolve(document) : value;
  return isScalar(node) ? node.source : undefined;
}

type Entry = { readonly key: Node | undefined; readonly value: Node | undefined };

function findEntry(document: Document, path: YamlPath): Entry | undefined {
  let entry: Entry | undefined;
  let node: Node | undefined = document.contents ?? undefined;
  for (const step of path) {
    entry = findChild(isAlias(node) ? node.resolve(document) : node, step);
    if (!entry) {
      return undefined;
    }
    node = entry.value;
  }
  return entry;
}

function findChild(node: Node | undefined, step: PropertyKey): Entry | undefined {
  if (isMap(node)) {
    const pair = node.items.find(
      item => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step),
    );
    return pair ? { key: pair.key as Node, value: (pair.value as Node | null) ?? undefined } : undefined;
  }
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step] as Node | undefined;
    return item ? { key: item, value: item } : undefined;
  }
  return undefined;
}
