import * as z from 'zod';
import { findSchema, findValue, isObject, listKeys } from './findSchema.ts';
import { buildSuggestion } from './suggestName.ts';
import type { YamlPath } from './yamlPositions.ts';

/** Something that is wrong with the file, said for people, and where. */
export type Finding = {
  readonly path: YamlPath;
  /** Whether the key or its value is to be underlined. */
  readonly at: 'key' | 'value';
  readonly message: string;
};

/** Says zod's issues about a value for people, with what was probably meant. */
export function describeIssues(
  schema: z.ZodType,
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): readonly Finding[] {
  return issues.flatMap(issue =>
    describeIssue(findSchema(schema, issue.path), findValue(value, issue.path), issue),
  );
}

function describeIssue(
  schema: z.ZodType | undefined,
  value: unknown,
  issue: z.core.$ZodIssue,
): readonly Finding[] {
  const path = issue.path;
  const said = (message: string): readonly Finding[] => [{ path, at: 'value', message }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map(key => unknownKey(path, key, schema ? listKeys(schema) : []));
    case 'invalid_key':
      return [{ path, at: 'key', message: expected(issue.issues[0]?.message ?? 'a name', path.at(-1)) }];
    case 'invalid_union':
      return describeUnion(schema, value, path);
    case 'invalid_type':
      return value === undefined
        ? [missing(path)]
        : said(expected(typeWords[issue.expected] ?? issue.expected, value));
    case 'invalid_value':
      return value === undefined
        ? [missing(path)]
        : said(`${expected(listWords(issue.values.map(String)), value)}${suggestFor(value, issue.values)}`);
    case 'too_small':
      return said('expected at least one entry, found none.');
    case 'too_big':
      return said(`expected at most ${issue.maximum} entries.`);
    case 'invalid_format':
      return said(expected(issue.message, value));
    default:
      return said(issue.message);
  }
}

/**
 * A union is said by the option that the person seems to have begun: the keys that are there decide, since zod
 * itself only lists what every option misses.
 */
function describeUnion(schema: z.ZodType | undefined, value: unknown, path: YamlPath): readonly Finding[] {
  const options = schema instanceof z.ZodUnion ? (schema.options as readonly z.ZodType[]) : [];
  const fitting = options.filter(option => fitsShape(option, value));
  const only = fitting[0];
  if (!isObject(value) || fitting.length === 0) {
    return only && fitting.length === 1
      ? describeOption(only, value, path)
      : [
          {
            path,
            at: 'value',
            message: `${expected(listWords([...new Set(options.map(describeShape))]), value)}${suggestDots(path, value)}`,
          },
        ];
  }
  const present = Object.keys(value);
  const known = new Set(fitting.flatMap(listKeys));
  const unknown = present.filter(key => !known.has(key));
  if (unknown.length > 0) {
    return unknown.map(key => unknownKey(path, key, [...known]));
  }
  const own = (option: z.ZodType): readonly string[] => listOwnKeys(option, fitting);
  const begun = fitting.filter(option => present.every(key => listKeys(option).includes(key)));
  const chosen = begun.filter(option => own(option).some(key => present.includes(key)));
  const one = chosen[0] ?? (begun.length === 1 ? begun[0] : undefined);
  if (one) {
    return describeOption(one, value, path);
  }
  const names = fitting.map(option => own(option)[0]).filter(name => name !== undefined);
  return [
    {
      path,
      at: 'value',
      message:
        begun.length === 0
          ? `${listWords(present, 'and')} do not go together: write one of ${listWords(names)}.`
          : `one of ${listWords(names)} is missing.`,
    },
  ];
}

/** Helm's `--set` names what is in something by dots. */
function suggestDots(path: YamlPath, value: unknown): string {
  const [inner] = isObject(value) && path.at(-2) === 'set' ? Object.keys(value) : [];
  return inner === undefined
    ? ''
    : ` What is in it is named by dots, as for helm --set: ${String(path.at(-1))}.${inner}.`;
}

function describeOption(option: z.ZodType, value: unknown, path: YamlPath): readonly Finding[] {
  const result = option.safeParse(value);
  const findings = result.success ? [] : describeIssues(option, value, result.error.issues);
  return findings.map(finding => ({ ...finding, path: [...path, ...finding.path] }));
}

/** The keys that an option needs and that say which option it is. */
function listOwnKeys(option: z.ZodType, options: readonly z.ZodType[]): readonly string[] {
  return listKeys(option).filter(key =>
    options.every(other => other === option || !listKeys(other).includes(key)),
  );
}

function fitsShape(option: z.ZodType, value: unknown): boolean {
  if (option instanceof z.ZodObject) {
    return isObject(value);
  }
  if (option instanceof z.ZodArray || option instanceof z.ZodTuple) {
    return Array.isArray(value);
  }
  if (option instanceof z.ZodEnum || option instanceof z.ZodString) {
    return typeof value === 'string';
  }
  return false;
}

function describeShape(option: z.ZodType): string {
  if (option instanceof z.ZodObject) {
    const names = Object.keys(option.shape);
    return `{${names[0]}: ...}`;
  }
  return typeWords[option.type] ?? option.type;
}

function unknownKey(path: YamlPath, key: string, known: readonly string[]): Finding {
  if (key === '<<') {
    const message =
      'merge keys ("<<") are not read: write the keys out, or give the whole value by an alias (key: *name).';
    return { path: [...path, key], at: 'key', message };
  }
  const suggestion = buildSuggestion(key, known);
  const list = suggestion === '' && known.length > 0 ? ` Known here: ${known.join(', ')}.` : suggestion;
  return { path: [...path, key], at: 'key', message: `unknown key "${key}".${list}` };
}

function missing(path: YamlPath): Finding {
  if (typeof path.at(-1) === 'number') {
    return { path: path.slice(0, -1), at: 'value', message: 'the list is empty: the program comes first.' };
  }
  return { path, at: 'key', message: `"${String(path.at(-1))}" is missing.` };
}

function suggestFor(value: unknown, known: readonly unknown[]): string {
  return typeof value === 'string' ? buildSuggestion(value, known.map(String)) : '';
}

const typeWords: Readonly<Record<string, string>> = {
  string: 'a text (put it in quotes)',
  number: 'a number',
  boolean: 'true or false',
  object: 'keys with values',
  record: 'keys with values',
  array: 'a list',
  tuple: 'a list',
  enum: 'a known name',
};

function expected(what: string, found: unknown): string {
  return `expected ${what}, found ${describeValue(found)}.`;
}

function describeValue(value: unknown): string {
  if (value === null || value === undefined) {
    return 'nothing';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'object') {
    return 'keys with values';
  }
  const text = String(value);
  return typeof value === 'string' ? `"${text.length > 60 ? `${text.slice(0, 60)}...` : text}"` : text;
}

function listWords(words: readonly string[], conjunction = 'or'): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
