import { type Document, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import type { Procedure } from '../../model/procedure.ts';
import type { Diagnostic } from '../../protocol/procedure.ts';
import { buildProcedure } from './buildProcedure.ts';
import { checkProcedure } from './checkProcedure.ts';
import { describeIssues } from './describeIssues.ts';
import { findValue, isObject } from './findSchema.ts';
import { describeUnavailable } from './findUnavailable.ts';
import { listSyntaxProblems } from './listSyntaxProblems.ts';
import { type ProcedureFile, procedureSchema } from './procedureSchema.ts';
import type { WeighedFinding } from './report.ts';
import { buildYamlPositions, findSource, type YamlPositions } from './yamlPositions.ts';

/** A place in slipway.yaml where a command can be offered; lines start at 0. */
export type Anchor = {
  readonly kind: 'environment' | 'releases';
  readonly name: string;
  readonly line: number;
};

/** What a text of slipway.yaml says. */
export type ParsedProcedure = {
  /** Absent when a diagnostic is an error. */
  readonly procedure?: Procedure;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly anchors: readonly Anchor[];
};

/** A longer text is refused unread: a procedure that people can read is a tenth of it. */
export const maxProcedureLength = 200_000;

/** Parses the text of a slipway.yaml. Never throws: everything that is wrong is a diagnostic. */
export function parseProcedure(text: string): ParsedProcedure {
  if (text.length > maxProcedureLength) {
    return refuse(`slipway.yaml has ${text.length} characters, and at most ${maxProcedureLength} are read.`);
  }
  if (text.includes('\0')) {
    return refuse('slipway.yaml is no UTF-8 text (it may be UTF-16): save it with the encoding UTF-8.');
  }
  const lines = new LineCounter();
  let document: Document;
  try {
    document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  } catch (error) {
    // Lists in lists in lists: the parser is recursive.
    return refuse(`slipway.yaml cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const positions = buildYamlPositions(document, lines);
  const { problems: syntax, isReadable } = listSyntaxProblems(text, document, positions);
  const anchors = listAnchors(document, positions);
  if (!isReadable) {
    return { diagnostics: arrange(syntax), anchors };
  }
  const { file, findings } = readFile(document);
  const diagnostics = arrange([...syntax, ...findings.map(finding => place(finding, positions))]);
  const sound = file !== undefined && diagnostics.every(diagnostic => diagnostic.severity !== 'error');
  return { ...(sound ? { procedure: buildProcedure(file) } : {}), diagnostics, anchors };
}

type ReadFile = { readonly file?: ProcedureFile; readonly findings: readonly WeighedFinding[] };

function readFile(document: Document): ReadFile {
  let value: unknown;
  try {
    // An alias is fine; aliases of aliases that blow up the file are not.
    value = document.toJS({ maxAliasCount: 50 });
  } catch (error) {
    const message = `cannot be read: ${error instanceof Error ? error.message : String(error)}.`;
    return { findings: [{ severity: 'error', path: [], at: 'value', message }] };
  }
  if (value === null || value === undefined) {
    const message = 'the file is empty: it needs apiVersion, kind, name, components and environments.';
    return { findings: [{ severity: 'error', path: [], at: 'value', message }] };
  }
  const result = procedureSchema.safeParse(value);
  if (!result.success) {
    const findings = describeIssues(procedureSchema, value, result.error.issues);
    return {
      findings: [
        ...findings.map(finding => ({ ...finding, severity: 'error' }) as const),
        ...checkBeside(value, result.error.issues),
      ],
    };
  }
  const file = withWrittenNumbers(withMethodOrder(result.data, value as ProcedureFile), document);
  return { file, findings: [...checkProcedure(file), ...describeUnavailable(file)] };
}

/**
 * What is wrong beside a file's unknown keys: nobody should learn of the next mistake after mending the first. Where one
 * stands at the top, what it was to name (people, checklists) would be missed everywhere else.
 */
function checkBeside(value: unknown, issues: readonly z.core.$ZodIssue[]): readonly WeighedFinding[] {
  if (issues.some(({ code, path }) => code !== 'unrecognized_keys' || path.length === 0)) {
    return [];
  }
  const known: unknown = structuredClone(value);
  for (const issue of issues) {
    const holder = findValue(known, issue.path);
    if (issue.code === 'unrecognized_keys' && isObject(holder)) {
      for (const key of issue.keys) {
        Reflect.deleteProperty(holder, key);
      }
    }
  }
  const result = procedureSchema.safeParse(known);
  return result.success ? checkProcedure(result.data) : [];
}

// zod gives an object's keys in the schema's order; the order of methods is the file's to say.
function withMethodOrder(parsed: ProcedureFile, written: ProcedureFile): ProcedureFile {
  const components = Object.entries(parsed.components).map(([name, component]) => {
    const order = Object.keys(written.components[name]?.methods ?? {}) as (keyof typeof component.methods)[];
    const methods = Object.fromEntries(order.map(method => [method, component.methods[method]]));
    return [name, { ...component, methods }];
  });
  return { ...parsed, components: Object.fromEntries(components) };
}

// helm gets what is written: as a number, 1.10 would become 1.1, and an identifier would lose its zeros or last digits.
function withWrittenNumbers(file: ProcedureFile, document: Document): ProcedureFile {
  const components = Object.entries(file.components).map(([name, component]) => {
    const { helm } = component.methods;
    if (!helm?.set) {
      return [name, component];
    }
    const path = ['components', name, 'methods', 'helm', 'set'];
    const set = Object.entries(helm.set).map(([key, value]) => [
      key,
      typeof value === 'number' ? (findSource(document, [...path, key]) ?? value) : value,
    ]);
    const written = { ...helm, set: Object.fromEntries(set) };
    return [name, { ...component, methods: { ...component.methods, helm: written } }];
  });
  return { ...file, components: Object.fromEntries(components) };
}

function place(finding: WeighedFinding, positions: YamlPositions): Diagnostic {
  const range = finding.at === 'key' ? positions.ofKey(finding.path) : positions.ofValue(finding.path);
  return {
    severity: finding.severity,
    message: finding.message,
    path: finding.path.map(String).join('.'),
    ...range,
  };
}

function listAnchors(document: Document, positions: YamlPositions): readonly Anchor[] {
  const environments = document.get('environments');
  const names = isMap(environments)
    ? environments.items.flatMap(item => (isScalar(item.key) ? [String(item.key.value)] : []))
    : [];
  return [
    ...(document.has('releases')
      ? [{ kind: 'releases', name: 'releases', line: positions.ofKey(['releases']).startLine } as const]
      : []),
    ...names.map(name => ({
      kind: 'environment' as const,
      name,
      line: positions.ofKey(['environments', name]).startLine,
    })),
  ];
}

// One broken line can make a hundred problems; nobody reads the hundredth.
const mostDiagnostics = 100;

function arrange(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics
    .toSorted((left, right) => left.startLine - right.startLine || left.startColumn - right.startColumn)
    .slice(0, mostDiagnostics);
}

function refuse(message: string): ParsedProcedure {
  const range = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 0 };
  return { diagnostics: [{ severity: 'error', message, path: '', ...range }], anchors: [] };
}
