import * as z from 'zod';

// The message of each pattern says what is expected: a diagnostic reads "expected <message>, found ...".

/** A name of an environment, component, role, checklist or notice target. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9._-]{0,62}$/,
    'a name: a letter, then at most 62 letters, digits, ".", "_" or "-"',
  );

/** A text of one line that becomes an argument of a command and so cannot pass for an option. */
export const wordSchema = z
  .string()
  .regex(/^[^-\s][^\r\n\0]*$/, 'a text of one line that does not begin with "-"');

/** A text of one line for people. */
export const textSchema = z.string().regex(/^[^\r\n\0]+$/, 'a text of one line');

/** A path inside the repository, relative to its root. */
export const pathSchema = z
  .string()
  .regex(
    /^(?![-/~\s])(?![A-Za-z]+:)(?!(?:.*\/)?\.\.(?:\/|$))[^\r\n\0\\]+$/,
    'a path inside the repository, relative to its root, without ".." and not beginning with "-"',
  );

/** A command: the program and its arguments, as a list; no shell reads it. */
export const commandSchema = z
  .tuple([wordSchema], z.string().regex(/^[^\0]*$/, 'a text'))
  .describe('The program and its arguments, as a list. No shell reads it: no pipes, no variables.');

/** A length of time such as `30m`, `72h` or `7d`. */
export const durationSchema = z
  .string()
  .regex(/^(?=.*[1-9])(?:\d+(?:s|m|h|d|w))+$/, 'a length of time such as 30m, 72h or 7d');

/** A length of time as Go programs read it: no days, no weeks. */
export const goDurationSchema = z
  .string()
  .regex(
    /^(?=.*[1-9])(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/,
    'a length of time such as 90s, 10m or 1h30m (days are not known to helm)',
  );

/** A day such as `2026-01-03`. */
export const dateSchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a day such as 2026-01-03');

/** A time of day such as `02:00`. */
export const timeSchema = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'a time of day such as 02:00, in quotes');

/** A share such as `5%`. */
export const percentSchema = z.string().regex(/^(?:100|\d{1,2}(?:\.\d+)?)%$/, 'a share such as 5%');

/** A web address. */
export const urlSchema = z.string().regex(/^https?:\/\/[^\s]+$/, 'a web address such as https://example.org');

/** A name that Kubernetes takes for a namespace, a release or a service: a DNS label. */
export const dnsLabelSchema = z
  .string()
  .regex(
    /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/,
    'a name as Kubernetes takes it: at most 63 small letters, digits and "-", beginning and ending with a letter or digit',
  );

/** A workload: `deployment/agent-name`. */
export const workloadSchema = z
  .string()
  .regex(
    /^(?:deployment|statefulset|daemonset)\/[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?$/,
    'deployment/NAME, statefulset/NAME or daemonset/NAME',
  );

/** A branch or another revision of git. */
export const revisionSchema = z
  .string()
  .regex(
    /^(?![-/.])(?!.*\.\.)[^\s~^:?*[\\]+$/,
    'a branch as git writes it, not beginning with "-" and without spaces',
  );

/** A glob over git tags: `v*`. */
export const tagGlobSchema = z
  .string()
  .regex(/^(?![-/.])(?!.*\.\.)[^\s~^:\\]+$/, 'a pattern over git tags such as v*');

/** A value that helm's `--set` or `set-string` gets. */
export const scalarSchema = z.union([z.string(), z.number(), z.boolean()]);

/** Where a secret comes from; its value is never in the file. */
export const secretSchema = z
  .union([
    z.strictObject({
      env: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
        .describe('The environment variable that holds it.'),
    }),
    z.strictObject({ file: textSchema.describe('The file that holds it.') }),
    z.strictObject({ command: commandSchema.describe('The command that prints it.') }),
    z.strictObject({
      kubernetes: z
        .string()
        .regex(/^[a-z0-9.-]+\/[A-Za-z0-9._-]+$/, "SECRET/KEY in the environment's namespace")
        .describe("SECRET/KEY in the environment's namespace."),
    }),
    z.strictObject({ prompt: textSchema.describe('The question that asks a person for it.') }),
  ])
  .describe(
    'Where the secret comes from: env, file, command, kubernetes or prompt. Never the secret itself.',
  );
