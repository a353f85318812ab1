import type * as z from 'zod';
import type { secretSchema } from './fieldSchemas.ts';
import type { ProcedureFile } from './procedureSchema.ts';

type Command = readonly string[];

/**
 * Lists the commands that a file can make Slipway run, as written and each once: the scripts, the checks, the
 * lists of people and the secrets that come from a command. They are what a person is asked to trust.
 */
export function listCommands(file: ProcedureFile): readonly Command[] {
  const commands: readonly (Command | undefined)[] = [
    ...Object.values(file.people ?? {}).flatMap(people => people.map(ofObject)),
    file.releases?.reports?.fetch,
    ...Object.values(file.components).map(component => component.strategies?.blueGreen?.smoke),
    file.database?.backup?.run,
    file.database?.backup?.restore,
    file.database?.validate,
    ...Object.values(file.environments).flatMap(environment => [
      environment.automatic?.tests,
      ofSecret(environment.database?.password),
    ]),
    ...Object.values(file.checklists ?? {}).flatMap(checks => checks.map(ofObject)),
    ...Object.values(file.notify ?? {}).map(target =>
      ofSecret('smtp' in target ? target.password : target.token),
    ),
  ];
  const unique = new Map(
    commands.filter(command => command !== undefined).map(command => [JSON.stringify(command), command]),
  );
  return [...unique.values()];
}

function ofSecret(secret: z.infer<typeof secretSchema> | undefined): Command | undefined {
  return secret === undefined ? undefined : ofObject(secret);
}

function ofObject(value: string | object): Command | undefined {
  return typeof value === 'object' && 'command' in value ? (value.command as Command) : undefined;
}
