import * as z from 'zod';
import {
  commandSchema,
  dnsLabelSchema,
  goDurationSchema,
  nameSchema,
  pathSchema,
  revisionSchema,
  scalarSchema,
  wordSchema,
  workloadSchema,
} from './fieldSchemas.ts';

const gitopsSchema = z
  .strictObject({
    application: wordSchema.describe('The Argo CD application. May hold {environment}.'),
    path: pathSchema.describe("The folder of the environment's manifests. May hold {environment}."),
    branch: revisionSchema.describe('The branch that Argo CD follows.'),
    land: z
      .enum(['merge', 'pull-request', 'target-revision'])
      .describe(
        'How the change reaches that branch: pushed as a merge, by a pull request, or as targetRevision.',
      ),
  })
  .describe('Bring the component by a commit that Argo CD applies.');

const helmSchema = z
  .strictObject({
    release: wordSchema.describe('The Helm release. May hold {environment}.'),
    chart: pathSchema.describe("The chart's folder in the repository, read at the release's commit."),
    values: z
      .exactOptional(z.array(pathSchema))
      .describe('Values files in the repository, as for --values. May hold {environment}.'),
    set: z
      .exactOptional(
        z.record(
          z
            .string()
            .regex(/^[^-\s=,][^\s=,]*$/, 'the path of a value such as image.tag, without "=" and ","'),
          scalarSchema,
        ),
      )
      .describe('Single values, as for --set. May hold {version}, {number}, {environment}, {commit}.'),
    timeout: z
      .exactOptional(goDurationSchema)
      .describe("How long helm waits for the workloads: 10m. Without it helm's own 5m."),
    install: z
      .exactOptional(z.boolean())
      .describe('true: an empty namespace may get a first installation. Without it only an upgrade is made.'),
    wait: z
      .exactOptional(z.enum(['watcher', 'legacy']))
      .describe("Helm's way of waiting; legacy where a workload never satisfies the watcher."),
  })
  .describe('Bring the component with helm upgrade.');

const kubectlSchema = z
  .strictObject({
    only: z.exactOptional(z.enum(['emergency'])).describe('emergency: no regular promotion uses it.'),
  })
  .describe('Bring the component with kubectl set image.');

const strategiesSchema = z
  .strictObject({
    canary: z
      .exactOptional(
        z.strictObject({
          file: pathSchema.describe('The Flagger Canary object, as a file in the repository.'),
        }),
      )
      .describe('A part of the traffic first, more as the metrics stay good.'),
    blueGreen: z
      .exactOptional(
        z.strictObject({
          service: dnsLabelSchema.describe('The Service whose selector moves the traffic.'),
          key: wordSchema.describe('The label in its selector that says blue or green.'),
          apply: pathSchema.describe('The folder of the manifests of the idle side.'),
          smoke: z
            .exactOptional(commandSchema)
            .describe('The test of the idle side before the traffic moves.'),
        }),
      )
      .describe('A second set beside the first; the traffic moves at once.'),
  })
  .describe("How traffic can move; an environment's strategy picks one. Without it: rolling.");

/** One deployable unit, as the file says it. */
export const componentSchema = z
  .strictObject({
    workload: z.exactOptional(workloadSchema).describe('The workload whose image is the version that runs.'),
    container: z
      .exactOptional(dnsLabelSchema)
      .describe("The container whose image is the component's version. Without it the first."),
    methods: z
      .strictObject({
        gitops: z.exactOptional(gitopsSchema),
        helm: z.exactOptional(helmSchema),
        kubectl: z.exactOptional(kubectlSchema),
      })
      .describe('The ways to bring it to an environment; the first is the preferred one.'),
    strategies: z.exactOptional(strategiesSchema),
  })
  .describe('One deployable unit: a chart, an Argo CD application, a workload.');

/** The components of the file by name. */
export const componentsSchema = z.record(nameSchema, componentSchema);

/** One deployable unit, as the file says it. */
export type ComponentFile = z.infer<typeof componentSchema>;
