import { parseAllDocuments } from 'yaml';

/** Reads the documents of a YAML text as plain values; one that is broken, or that grows by its aliases, is left out. */
export function readYamlValues(
  text: string,
  { uniqueKeys = true }: { readonly uniqueKeys?: boolean } = {},
): readonly unknown[] {
  return parseAllDocuments(text, { logLevel: 'silent', uniqueKeys }).flatMap(document => {
    if (document.errors.length > 0) {
      return [];
    }
    try {
      return [document.toJS({ maxAliasCount: 50 }) as unknown];
    } catch {
      return [];
    }
  });
}
