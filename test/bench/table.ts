import type { Figure } from './figure.ts';
import type { Machine } from './machine.ts';

/** What a measurement gave, and how busy the machine was when it began. */
export type Measured = { readonly name: string; readonly load: number; readonly figures: readonly Figure[] };

/** A table in Markdown, with the machine below it. */
export function buildTable(machine: Machine, measured: readonly Measured[]): string {
  const rows = measured.flatMap(({ load, figures }) => figures.map(figure => buildRow(figure, load)));
  const { processor, processors, memoryGb, system, node } = machine;
  return [
    ...alignColumns([['figure', 'measured', 'of', 'aim', '', 'load'], ...rows]),
    '',
    `Measured on ${processors} x ${processor}, ${memoryGb} GB, ${system}, Node ${node}.`,
    'The load is that of the minute before: more than one process per processor makes figures worse.',
  ].join('\n');
}

function buildRow(figure: Figure, load: number): readonly string[] {
  const { what, value, unit, of, aim, least } = figure;
  const isMet = value <= (aim ?? value) && value >= (least ?? value);
  return [
    what,
    writeValue(value, unit),
    of,
    [
      ...(aim === undefined ? [] : [`<= ${writeValue(aim, unit)}`]),
      ...(least === undefined ? [] : [`>= ${writeValue(least, unit)}`]),
    ].join(', '),
    aim === undefined && least === undefined ? '' : isMet ? 'met' : 'MISSED',
    load.toFixed(1),
  ];
}

function writeValue(value: number, unit: Figure['unit']): string {
  const digits = unit === 'x' ? 3 : value < 10 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit}`;
}

function alignColumns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const lines = rows.map(
    row => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map(width => '-'.repeat(Math.max(3, width))).join(' | ')} |`;
  return [lines[0] ?? '', rule, ...lines.slice(1)];
}
