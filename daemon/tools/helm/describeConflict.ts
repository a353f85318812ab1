import type { ProblemWords } from './problemKind.ts';

/**
 * Tells who owns the fields that helm may not change: `conflict with "flagger" using apps/v1: .spec.replicas`, or with
 * several fields as a list below it.
 */
export function describeConflict(match: RegExpExecArray, error: string): ProblemWords {
  const managers = [...error.matchAll(/conflicts? with "(?<manager>[^"]*)"/g)].map(
    found => found.groups?.['manager'] ?? '',
  );
  const fields = [...error.matchAll(/(?:^- |using [^:\n]*: )(?<field>\.[^\n]*)$/gm)].map(
    found => found.groups?.['field'] ?? '',
  );
  const object = readObject(match.groups?.['object'] ?? '');
  const who = [...new Set(managers)].join(', ') || 'another program';
  const flagger = managers.some(manager => manager.includes('flagger'));
  return {
    sentence: `Helm may not change ${fields.join(', ') || 'a field'} of ${object}: ${who} set it and owns it.`,
    next: flagger
      ? 'Flagger runs this workload: leave those fields out of the chart (Flagger needs .spec.replicas for itself).'
      : 'Leave those fields out of the chart, or bring the change that was made outside of Helm into the chart and let its maker give the field up.',
    details: { object, managers: [...new Set(managers)].join(', '), fields: fields.join(', ') },
  };
}

/** `lab2/lab apps/v1, Kind=Deployment` as `Deployment lab`. */
function readObject(text: string): string {
  const [, name, kind] = /^(?:[^/\s]*\/)?(\S+) .*Kind=(\w+)$/.exec(text.trim()) ?? [];
  return name && kind ? `${kind} ${name}` : text;
}
