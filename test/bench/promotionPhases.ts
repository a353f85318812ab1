import { statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Result } from '../../daemon/protocol/messages.ts';

/** Where the time of a promotion went, in milliseconds, in the order in which it passed. */
export type Phases = Readonly<Record<string, number>>;

const payloadSchema = z.object({ stepId: z.string().optional() });

type Point = { readonly phase: string; readonly until: number };

/**
 * Splits a promotion into phases by the times of its journal and of the files beside its tools' spools. `sent` and
 * `received` are the client's own times, all in milliseconds since 1970.
 */
export function buildPhases(options: {
  readonly events: Result<'journal.read'>['events'];
  /** The folder of the promotion's runs. */
  readonly folder: string;
  readonly sent: number;
  readonly received: number;
}): Phases {
  const points = options.events.flatMap(event => buildPoints(event, options.folder));
  const phases: Record<string, number> = {};
  let since = options.sent;
  for (const { phase, until } of [...points, { phase: 'tell the client', until: options.received }]) {
    phases[phase] = (phases[phase] ?? 0) + until - since;
    since = until;
  }
  return phases;
}

function buildPoints(
  { type, time, payload }: Result<'journal.read'>['events'][number],
  folder: string,
): readonly Point[] {
  const until = Date.parse(time);
  const step = payloadSchema.parse(payload).stepId ?? '';
  // `upgrade-agent` and `upgrade`: the component does not matter here.
  const name = step.split('-')[0];
  switch (type) {
    case 'promotion.started':
      return [{ phase: 'look again and start', until }];
    case 'step.intended':
      return name === 'verify' ? [] : [{ phase: `${name}: prepare`, until }];
    case 'step.spawned': {
      const began = readTime(join(folder, `${step}-1.log.pid`));
      return [{ phase: `${name}: spawn`, until: began }];
    }
    case 'step.completed': {
      const ended = name === 'verify' ? undefined : readTime(join(folder, `${step}-1.log.code`));
      return [
        ...(ended === undefined ? [] : [{ phase: `${name}: helm`, until: ended }]),
        { phase: `${name}: look at the cluster`, until },
      ];
    }
    case 'promotion.ended':
      return [{ phase: 'end', until }];
    default:
      return [];
  }
}

function readTime(file: string): number {
  return statSync(file).mtimeMs;
}
