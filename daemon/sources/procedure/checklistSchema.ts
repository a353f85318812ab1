import * as z from 'zod';
import { commandSchema, durationSchema, nameSchema, pathSchema, textSchema } from './fieldSchemas.ts';

/** The checks that need no more than their name. */
const knownChecks = [
  'health',
  'metrics',
  'errors',
  'release-notes',
  'changelog',
  'runbooks',
  'report',
] as const;

const severitySchema = z.enum(['critical', 'high', 'medium', 'low']);

const common = {
  check: textSchema.describe('What people read in the checklist.'),
  scope: z
    .exactOptional(z.enum(['release', 'environment', 'promotion']))
    .describe(
      'What a tick is good for: this release everywhere, in one environment, or one promotion. Usual for a tick: environment.',
    ),
};

const checkSchema = z
  .union([
    z.enum(knownChecks).describe('A check that Slipway knows by name.'),
    z.strictObject({
      ...common,
      junit: pathSchema.describe('Test reports in JUnit XML, as a glob. All tests must have passed.'),
    }),
    z.strictObject({
      ...common,
      sarif: pathSchema.describe('A scan report in SARIF.'),
      none: z.array(severitySchema).min(1).describe('The severities that may not occur.'),
    }),
    z.strictObject({
      ...common,
      flyway: z.enum(['ran-on-staging', 'validated']).describe('What must be true of the migrations.'),
    }),
    z.strictObject({
      ...common,
      backup: z
        .strictObject({
          age: durationSchema.describe('How old the last backup may be.'),
          restored: z.exactOptional(z.boolean()).describe('true: it must have been restored once as a test.'),
        })
        .describe('The last backup.'),
    }),
    z.strictObject({
      ...common,
      kubernetes: z
        .string()
        .regex(/^[a-z][a-z0-9.]*\/[a-z0-9][a-z0-9.-]*$/, 'KIND/NAME of an object in the cluster')
        .describe('An object that must exist in the cluster: KIND/NAME.'),
    }),
    z.strictObject({
      ...common,
      file: pathSchema.describe('A file that must be in the repository at this release.'),
    }),
    z.strictObject({
      ...common,
      notice: nameSchema.describe('The target under notify that must have been told.'),
    }),
    z.strictObject({
      ...common,
      tick: nameSchema.describe(
        'The role whose people tick it by hand; anyone = whoever acts on this machine.',
      ),
    }),
    z.strictObject({ ...common, command: commandSchema.describe('A command that must exit with 0.') }),
  ])
  .describe('A check: a known name, or a sentence with what proves it.');

/** The checklists of the file by name. */
export const checklistsSchema = z
  .record(nameSchema, z.array(checkSchema).min(1))
  .describe('Checklists by name. An environment uses them by checklist or afterwards.');

/** A check, as the file says it. */
export type CheckFile = z.infer<typeof checkSchema>;
