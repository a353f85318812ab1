import { buildPolicyHash, buildPolicyParts } from '../../model/digests/policyHash.ts';
import type {
  Component,
  Environment,
  HelmMethod,
  Procedure,
  WorkloadReference,
} from '../../model/procedure.ts';
import { buildChecklist } from './buildChecklist.ts';
import { buildEnvironmentPolicy } from './buildEnvironmentPolicy.ts';
import type { ComponentFile } from './componentSchema.ts';
import { findUnavailable } from './findUnavailable.ts';
import { listCommands } from './listCommands.ts';
import type { ProcedureFile } from './procedureSchema.ts';

/** Builds the procedure from a file that passed every check. */
export function buildProcedure(file: ProcedureFile): Procedure {
  return {
    name: file.name,
    ...(file.document === undefined ? {} : { document: file.document }),
    ...(file.policyFrom === undefined ? {} : { policyFrom: file.policyFrom }),
    releases: {
      tags: file.releases?.tags ?? 'v*',
      branches: file.releases?.branches ?? {},
      images: file.releases?.images ?? {},
    },
    components: Object.entries(file.components).map(([name, component]) => buildComponent(name, component)),
    environments: buildEnvironments(file),
    links: file.links ?? {},
    ...(file.database === undefined ? {} : { migrations: file.database.migrations }),
    commands: listCommands(file),
  };
}

function buildComponent(name: string, component: ComponentFile): Component {
  const { helm } = component.methods;
  return {
    name,
    ...(component.workload === undefined ? {} : { workload: parseWorkload(component.workload) }),
    ...(component.container === undefined ? {} : { container: component.container }),
    ...(helm === undefined ? {} : { helm: buildHelmMethod(helm) }),
    methods: Object.keys(component.methods) as (keyof ComponentFile['methods'])[],
  };
}

function buildHelmMethod(helm: NonNullable<ComponentFile['methods']['helm']>): HelmMethod {
  return {
    release: helm.release,
    chart: helm.chart,
    values: helm.values ?? [],
    set: Object.fromEntries(Object.entries(helm.set ?? {}).map(([key, value]) => [key, String(value)])),
    // Helm's own default, written out so that the plan shows it.
    timeout: helm.timeout ?? '5m',
    install: helm.install ?? false,
    ...(helm.wait === undefined ? {} : { wait: helm.wait }),
  };
}

function parseWorkload(text: string): WorkloadReference {
  const [kind = '', name = ''] = text.split('/');
  return { kind: kind as WorkloadReference['kind'], name };
}

function buildEnvironments(file: ProcedureFile): readonly Environment[] {
  const unavailable = findUnavailable(file);
  return Object.entries(file.environments).map(([name, environment]) => {
    const policy = buildEnvironmentPolicy(file, name, environment);
    return {
      name,
      ...(environment.purpose === undefined ? {} : { purpose: environment.purpose }),
      ...(environment.data === undefined ? {} : { data: environment.data }),
      ...(environment.after === undefined ? {} : { after: environment.after }),
      ...(environment.cluster === undefined ? {} : { cluster: environment.cluster }),
      guarded: environment.guarded ?? false,
      unavailable: unavailable.get(name) ?? [],
      ...(environment.checklist === undefined
        ? {}
        : { checklist: buildChecklist(file, environment.checklist) }),
      policyHash: buildPolicyHash(policy),
      policyParts: buildPolicyParts(policy),
    };
  });
}
