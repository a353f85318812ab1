import type { EnvironmentFile, WindowFile } from './environmentSchema.ts';
import type { Report } from './report.ts';
import { buildSuggestion } from './suggestName.ts';
import type { YamlPath } from './yamlPositions.ts';

/** Checks the recurrence, the zone and the days of an environment's windows and freezes. */
export function checkTimes(environment: EnvironmentFile, path: YamlPath, report: Report): void {
  const { windows } = environment;
  const listed = windows === undefined ? [] : [windows].flat();
  for (const [index, window] of listed.entries()) {
    checkWindow(window, Array.isArray(windows) ? [...path, 'windows', index] : [...path, 'windows'], report);
  }
  environment.freeze?.forEach((freeze, index) => {
    const at = [...path, 'freeze', index];
    const valid = [
      checkDay(freeze.from, [...at, 'from'], report),
      checkDay(freeze.to, [...at, 'to'], report),
    ];
    if (valid.every(Boolean) && freeze.to < freeze.from) {
      report.error([...at, 'to'], `ends on ${freeze.to}, before it begins on ${freeze.from}.`);
    }
  });
}

function checkWindow(window: WindowFile, path: YamlPath, report: Report): void {
  const rule = parseRule(window.rule, [...path, 'rule'], report);
  const firstIsDay = window.first === undefined || checkDay(window.first, [...path, 'first'], report);
  if (Number(rule?.get('INTERVAL') ?? 1) > 1 && window.first === undefined) {
    report.error(
      [...path, 'rule'],
      'a recurrence with INTERVAL needs "first", the day of the first window: without it nobody knows which weeks are meant.',
    );
  }
  const days = rule?.get('BYDAY');
  if (window.first !== undefined && firstIsDay && days !== undefined) {
    const day = weekdays[new Date(`${window.first}T00:00:00Z`).getUTCDay()] ?? '';
    if (!days.split(',').some(token => token.endsWith(day))) {
      report.error(
        [...path, 'first'],
        `${window.first} is ${dayNames[day]}, which BYDAY=${days} does not name.`,
      );
    }
  }
  if (window.from === window.to) {
    report.error([...path, 'to'], 'the window closes when it opens.');
  }
  if (!isZone(window.zone)) {
    report.error(
      [...path, 'zone'],
      `unknown time zone "${window.zone}".${buildSuggestion(window.zone, ['UTC', ...Intl.supportedValuesOf('timeZone')])}`,
    );
  }
}

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];
const dayNames: Readonly<Record<string, string>> = {
  SU: 'a Sunday',
  MO: 'a Monday',
  TU: 'a Tuesday',
  WE: 'a Wednesday',
  TH: 'a Thursday',
  FR: 'a Friday',
  SA: 'a Saturday',
};

// Only days: the times of day come from `from` and `to`, the start from `first`.
const ruleParts: Readonly<Record<string, RegExp>> = {
  FREQ: /^(?:DAILY|WEEKLY|MONTHLY|YEARLY)$/,
  INTERVAL: /^[1-9]\d{0,2}$/,
  BYDAY: /^[+-]?\d{0,2}(?:SU|MO|TU|WE|TH|FR|SA)(?:,[+-]?\d{0,2}(?:SU|MO|TU|WE|TH|FR|SA))*$/,
  BYMONTHDAY: /^-?(?:[1-9]|[12]\d|3[01])(?:,-?(?:[1-9]|[12]\d|3[01]))*$/,
  BYMONTH: /^(?:[1-9]|1[0-2])(?:,(?:[1-9]|1[0-2]))*$/,
  BYSETPOS: /^-?[1-9]\d{0,2}(?:,-?[1-9]\d{0,2})*$/,
  WKST: /^(?:SU|MO|TU|WE|TH|FR|SA)$/,
  UNTIL: /^\d{8}(?:T\d{6}Z)?$/,
  COUNT: /^[1-9]\d{0,4}$/,
};

function parseRule(rule: string, path: YamlPath, report: Report): ReadonlyMap<string, string> | undefined {
  const parts = new Map<string, string>();
  for (const text of rule.split(';')) {
    const [name = '', value] = text.split('=');
    const pattern = ruleParts[name];
    if (!pattern) {
      report.error(
        path,
        `unknown part "${name}" of a recurrence.${buildSuggestion(name, Object.keys(ruleParts))}`,
      );
      return undefined;
    }
    if (value === undefined || !pattern.test(value) || text.split('=').length > 2) {
      report.error(
        path,
        `"${text}" is no part of a recurrence: see RFC 5545, for example FREQ=WEEKLY;INTERVAL=2;BYDAY=SA.`,
      );
      return undefined;
    }
    if (parts.has(name)) {
      report.error(path, `${name} stands twice in the recurrence.`);
      return undefined;
    }
    parts.set(name, value);
  }
  return parts;
}

function checkDay(day: string, path: YamlPath, report: Report): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
  if (!real) {
    report.error(path, `${day} is not a day of the calendar.`);
  }
  return real;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
