import type { ProblemWords } from './problemKind.ts';

/**
 * Tells where a template of the chart failed. Helm 4 writes one frame for each template that includes another, the
 * innermost last: `web/templates/cm.yaml:5:15`, then `executing "web.x" at <.Values.a.b>:`, then why; helm 3, and a text
 * that `tpl` renders, have the same in one line.
 */
export function describeTemplate(_match: RegExpExecArray, error: string): ProblemWords {
  const frames = [
    ...error.matchAll(/(?<at>\S+?:\d+(?::\d+)?):?\s+executing "[^"\n]*" at <(?<action>[^\n]*?)>:\s*/g),
  ];
  const last = frames.at(-1);
  // What tpl renders is no file: its place says nothing, so the template that calls it is named.
  const file = frames.findLast(frame => frame.groups?.['at']?.includes('/')) ?? last;
  const at = file?.groups?.['at'] ?? 'a template';
  const why = error
    .slice((last?.index ?? 0) + (last?.[0].length ?? 0))
    .replace(/^error calling \w+:\s*/, '')
    .replace(/^template: /, '')
    .split('\n')[0];
  return {
    sentence: `The chart cannot be rendered (${at}, <${last?.groups?.['action'] ?? ''}>): ${(why ?? '').replace(/\.$/, '')}.`,
    next: 'Correct the chart or the values that it reads there, then make a new release.',
    details: { at },
  };
}
