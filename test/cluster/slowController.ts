import assert from 'node:assert/strict';
import { waitFor } from '../../sandbox/waitFor.ts';
import type { SharedCluster } from './sharedCluster.ts';

/**
 * Makes a controller look slow, as on a busy control plane: nobody hears that a ReplicaSet of the namespace has lost its
 * last pod until `release()`. What the API server says meanwhile is what it says for a moment otherwise.
 */
export async function holdReplicaSets(
  cluster: SharedCluster,
  namespace: string,
): Promise<{ release(): Promise<void> }> {
  const name = `hold-${namespace}`;
  const objects = [buildPolicy(name), buildBinding(name, namespace)];
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  await cluster.kubectl(['apply', '-f', '-'], { input: list });
  const running = await findRunning(cluster, namespace);
  const release = async () => {
    await cluster.kubectl(['delete', '--ignore-not-found', '-f', '-'], { input: list });
    const isFree = async () => !(await isHeld(cluster, { namespace, name: running }));
    await waitFor('the API server to let go', isFree, { limitMs: 30_000 });
    // The controller waits twice as long after each refusal, for a minute and more; a change has it look at once.
    const mark = `slipway.test/released=${Date.now()}`;
    await cluster.kubectl(['annotate', 'replicasets', '--all', '--overwrite', '-n', namespace, mark]);
  };
  await waitFor('the API server to hold ReplicaSets', () => isHeld(cluster, { namespace, name: running }), {
    limitMs: 30_000,
  });
  return { release };
}

async function findRunning(cluster: SharedCluster, namespace: string): Promise<string> {
  const args = ['get', 'replicasets', '-n', namespace, '-o', 'json'];
  const { items } = JSON.parse(await cluster.kubectl(args)) as {
    items: { metadata: { name: string }; status: { replicas: number } }[];
  };
  return items.find(({ status }) => status.replicas > 0)?.metadata.name ?? assert.fail('none runs');
}

async function isHeld(
  cluster: SharedCluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<boolean> {
  const none = { replicas: 0, fullyLabeledReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
  const patch = ['-p', JSON.stringify({ status: none })];
  const args = ['patch', 'replicaset', name, '-n', namespace, '--subresource=status', '--type=merge'];
  return cluster.kubectl([...args, ...patch, '--dry-run=server']).then(
    () => false,
    (error: unknown) => String(error).includes('held by a test'),
  );
}

function buildPolicy(name: string) {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: {
        resourceRules: [
          {
            apiGroups: ['apps'],
            apiVersions: ['v1'],
            operations: ['UPDATE'],
            resources: ['replicasets/status'],
          },
        ],
      },
      validations: [
        {
          expression: 'object.status.replicas > 0 || oldObject.status.replicas == 0',
          message: 'held by a test',
        },
      ],
    },
  };
}

function buildBinding(name: string, namespace: string) {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name },
    spec: {
      policyName: name,
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } } },
    },
  };
}
