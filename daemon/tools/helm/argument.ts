import type { PlannedArgument } from '../../model/plan.ts';
import { SlipwayError } from '../../protocol/errors.ts';

/**
 * Refuses a value that a tool would read as a flag, one that no argument can carry, and one that would show itself as
 * something else (control characters). Throws SlipwayError `invalidArgument`.
 */
export function checkArgument(field: string, value: string): string {
  if (value === '' || value.startsWith('-')) {
    throw refuse(field, value, 'it must not be empty or begin with "-"');
  }
  if (/\p{Cc}/u.test(value)) {
    throw refuse(field, value, 'it must not hold control characters');
  }
  return value;
}

/** The name of a release, as Helm takes it. */
export function checkRelease(value: string): string {
  if (!/^[a-z0-9](?:[a-z0-9.-]{0,51}[a-z0-9])?$/.test(value) || value.includes('..')) {
    throw refuse('release', value, 'it must be up to 53 small letters, digits, "-" and "."');
  }
  return value;
}

/** The name of a namespace, as Kubernetes takes it. */
export function checkNamespace(value: string): string {
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(value)) {
    throw refuse('namespace', value, 'it must be up to 63 small letters, digits and "-"');
  }
  return value;
}

/** A values file; Helm would read a comma as the next file and an address as something to download. */
export function checkValuesFile(value: string): string {
  if (/[,"]/.test(value) || value.includes('://')) {
    throw refuse(
      'values',
      value,
      'it must be a file of the repository, without commas or quotes in its name',
    );
  }
  return checkArgument('values', value);
}

/**
 * The key of a `--set`, in Helm's own way of writing keys: `image.tag`, `servers[0].port`, `annotations.a\\.b/c`.
 * A comma or an equals sign that is not escaped would begin another key or a value.
 */
export function checkSetKey(key: string): string {
  if (/[,=\\]/.test(key.replace(/\\./gs, ''))) {
    throw refuse('set', key, 'it must be a key such as image.tag, with commas and equals signs escaped');
  }
  return checkArgument('set', key);
}

/**
 * The value of a `--set`, so that Helm reads it as it stands: unescaped, a comma begins the next pair, a brace at the
 * beginning a list, and a backslash an escape. `true`, `null` and whole numbers keep the type that `--set` gives them.
 */
export function escapeSetValue(value: string): string {
  if (/(?![\n\t])\p{Cc}/u.test(value)) {
    throw refuse('set', value, 'it must not hold control characters');
  }
  return value.replace(/[\\,]/g, '\\$&').replace(/^\{/, '\\{');
}

/** A Go duration: `10m`, `1h30m`, `90s`. */
export function checkDuration(field: string, value: string): string {
  if (!/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/.test(value)) {
    throw refuse(field, value, 'it must be a duration such as 10m or 1h30m');
  }
  return value;
}

/** A revision by its number; 0 would mean "the one before". */
export function checkRevision(revision: number): number {
  if (!Number.isSafeInteger(revision) || revision < 1) {
    throw refuse('revision', String(revision), 'it must be a whole number from 1 on');
  }
  return revision;
}

/** The value of a label, as Kubernetes allows it. */
export function checkLabelValue(field: string, value: string): string {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/.test(value)) {
    throw refuse(field, value, 'it must be up to 63 letters, digits, "-", "_" and "."');
  }
  return value;
}

/** Arguments as the document has them. */
export function documented(...texts: readonly string[]): readonly PlannedArgument[] {
  return texts.map(text => ({ text, added: false }));
}

/** Arguments that Slipway puts beside the document's. */
export function added(...texts: readonly string[]): readonly PlannedArgument[] {
  return texts.map(text => ({ text, added: true }));
}

function refuse(field: string, value: string, why: string): SlipwayError {
  return new SlipwayError('invalidArgument', `${field} is ${JSON.stringify(value)}: ${why}.`, {
    details: { field },
  });
}
