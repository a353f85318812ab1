import * as z from 'zod';
import { checklistsSchema } from './checklistSchema.ts';
import { componentsSchema } from './componentSchema.ts';
import { environmentsSchema } from './environmentSchema.ts';
import {
  commandSchema,
  nameSchema,
  pathSchema,
  revisionSchema,
  secretSchema,
  tagGlobSchema,
  wordSchema,
} from './fieldSchemas.ts';

const personSchema = z.union([
  wordSchema.describe("A person's user name, or group:NAME."),
  z.strictObject({ command: commandSchema.describe('A command that prints the names, one a line.') }),
]);

const releasesSchema = z
  .strictObject({
    tags: z.exactOptional(tagGlobSchema).describe('Which git tags are releases. Without it: v*.'),
    branches: z
      .exactOptional(z.record(revisionSchema, wordSchema))
      .describe('Branches whose commits are releases, with the version they get. May hold {commit}.'),
    images: z
      .exactOptional(z.record(nameSchema, wordSchema))
      .describe('The image of each component. May hold {version}, {number} (1.2.3 of v1.2.3), {commit}.'),
    reports: z
      .exactOptional(
        z.strictObject({
          fetch: commandSchema.describe('The command that fetches the reports of CI. May hold {commit}.'),
          into: pathSchema.describe('The folder it fills.'),
        }),
      )
      .describe('Where the reports for the checklists come from.'),
  })
  .describe('Where releases come from.');

const databaseSchema = z
  .strictObject({
    migrations: pathSchema.describe('The folder of the migrations.'),
    first: z.exactOptional(nameSchema).describe('The environment where migrations run first.'),
    backup: z
      .exactOptional(
        z.strictObject({
          run: commandSchema.describe('Makes a backup. May hold {environment}.'),
          restore: z.exactOptional(commandSchema).describe('Restores one as a test.'),
        }),
      )
      .describe('The backup before a migration.'),
    validate: z.exactOptional(commandSchema).describe('Checks the migrations.'),
    previousVersionWorks: z
      .exactOptional(z.boolean())
      .describe('true: the version before runs on the new schema, so a rollback needs no undo.'),
  })
  .describe('How database migrations belong to a promotion.');

const notifySchema = z
  .record(
    nameSchema,
    z.union([
      z.strictObject({
        smtp: wordSchema.describe('The mail address.'),
        server: z.exactOptional(wordSchema).describe('The mail server, HOST:PORT.'),
        password: z.exactOptional(secretSchema),
      }),
      z.strictObject({
        statuspage: wordSchema.describe('The status page.'),
        token: z.exactOptional(secretSchema),
      }),
    ]),
  )
  .describe('Who is told, by name.');

const linkSchema = z
  .string()
  .regex(
    /^(?:https?:\/\/\S+|(?![A-Za-z][A-Za-z0-9+.-]*:)[^-\s][^\r\n\0]*)$/,
    'a web address (https://...) or a path in the repository',
  );

/** The whole of `slipway.yaml`. */
export const procedureSchema = z
  .strictObject({
    apiVersion: z.literal('slipway.dev/v1').describe('The version of this format.'),
    kind: z.literal('Procedure').describe('What this file is.'),
    name: nameSchema.describe("The procedure's name."),
    document: z.exactOptional(pathSchema).describe('The document that this file was written from.'),
    policyFrom: z
      .exactOptional(revisionSchema)
      .describe(
        "The branch whose slipway.yaml governs: origin/main. Without it the remote's default branch. It is read from the default branch's file only.",
      ),
    people: z
      .exactOptional(z.record(nameSchema, z.array(personSchema).min(1)))
      .describe('Roles and who has them.'),
    releases: z.exactOptional(releasesSchema),
    components: componentsSchema.describe('What is deployed, by name.'),
    database: z.exactOptional(databaseSchema),
    environments: environmentsSchema.describe(
      'Where releases run, by name, in the order in which a release goes through them.',
    ),
    checklists: z.exactOptional(checklistsSchema),
    notify: z.exactOptional(notifySchema),
    links: z
      .exactOptional(z.record(nameSchema, linkSchema))
      .describe('Addresses and files that people need, by name.'),
    report: z.exactOptional(pathSchema).describe('Where the report of a promotion goes. May hold {version}.'),
  })
  .describe("A team's deployment procedure, for Slipway.");

/** The whole of `slipway.yaml`, as the file says it. */
export type ProcedureFile = z.infer<typeof procedureSchema>;
