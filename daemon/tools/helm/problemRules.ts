import { describeMissingRight, describeRefusal, parseRefusal } from '../../model/refusal.ts';
import { shortenValues } from '../../model/shortenValues.ts';
import { admissionRules } from './admissionRules.ts';
import { chartRules } from './chartRules.ts';
import { describeConflict } from './describeConflict.ts';
import { foreignOwner } from './foreignOwner.ts';
import type { HelmProblem, ProblemWords } from './problemKind.ts';
import { firstLine, type ProblemRule, pick } from './problemRule.ts';

/** Every rule; the first that matches decides, so the narrower ones stand first. */
export const problemRules: readonly ProblemRule[] = [
  rule('pendingOperation', 'pendingRevision', /another operation .* is in progress/, {
    sentence: 'Helm refused: the newest revision of the release is still pending.',
    next: 'If nobody runs helm there now, run "Slipway: Roll Back Environment...": it repairs the release.',
  }),
  rule('raceLost', 'toolFailed', /release: already exists|cannot re-use a name that is still in use/, {
    sentence: 'Helm refused: somebody else began an upgrade of the same release at the same moment.',
    next: 'Wait until theirs has ended, look at what runs now, and make the plan again.',
  }),
  {
    kind: 'fieldConflict',
    code: 'toolFailed',
    pattern: /conflict occurred while applying object (?<object>.+?): Apply failed with \d+ conflicts?:/s,
    describe: describeConflict,
  },
  foreignOwner,
  rule('recordTooLong', 'toolFailed', /data: Too long: may not be more than \d+ bytes/, {
    sentence: "Helm's record of the release does not fit into a Secret (1 MiB): the chart is too large.",
    next: 'Take large files out of the chart (a .helmignore beside Chart.yaml), then make a new release.',
  }),
  ...admissionRules,
  {
    kind: 'contextMissing',
    code: 'unknownContext',
    pattern:
      /context "(?<context>[^"]*)" does not exist|unreachable: stat (?<file>.+): no such file or directory$/,
    describe: match => ({
      sentence: match.groups?.['file']
        ? `The kubeconfig ${match.groups['file']} does not exist.`
        : `The kubeconfig has no context "${match.groups?.['context'] ?? ''}".`,
      next: 'Pick a context of your kubeconfig with "Slipway: Connect Environment...".',
      details: pick(match, 'context', 'file'),
    }),
  },
  {
    kind: 'loginFailed',
    code: 'loginExpired',
    pattern:
      /asked for the client to provide credentials|getting credentials: (?<why>[^\n]*)|\bUnauthorized\b|oauth2: /,
    describe: match => ({
      sentence: match.groups?.['why']
        ? `The login of your kubeconfig failed: ${match.groups['why']}.`
        : 'The API server does not take the credentials of your kubeconfig (any more).',
      next: 'Log in again with the tool that your kubeconfig names, then try again.',
      details: pick(match, 'why'),
    }),
  },
  {
    kind: 'unreachable',
    code: 'clusterUnreachable',
    pattern: /: (?:proxyconnect tcp: (?<why>[^\n]*)|(?<login>Proxy Authentication Required))/,
    describe: match => ({
      sentence: `The proxy on the way to the cluster did not let helm through: ${firstLine(match.groups?.['why'] ?? match.groups?.['login'])}.`,
      next: 'Check the proxy that proxy-url of the kubeconfig, HTTPS_PROXY or HTTP_PROXY names; look at what the cluster says before you try again.',
      details: {},
    }),
  },
  {
    kind: 'unreachable',
    code: 'clusterUnreachable',
    pattern:
      /cluster unreachable: (?<why>[^\n]*)|(?<other>dial tcp[^\n]*|connection refused|no such host|i\/o timeout|TLS handshake timeout|connect: no route to host|unexpected EOF|http2: client connection lost)/,
    describe: match => ({
      sentence: `The cluster did not answer helm: ${firstLine(match.groups?.['why'] ?? match.groups?.['other'])}.`,
      next: 'Check the network and the VPN; look at what the cluster says before you try again.',
      details: {},
    }),
  },
  {
    kind: 'objectRefused',
    code: 'clusterRefused',
    pattern:
      /(?:ValidatingAdmissionPolicy|MutatingAdmissionPolicy) '(?<policy>[^']*)'.*? denied request: (?<why>[^\n]*)/,
    describe: match => ({
      sentence: `The cluster's policy ${match.groups?.['policy'] ?? ''} refused: ${firstLine(match.groups?.['why'])}.`,
      next: 'Read what the policy says, and mend what it names.',
      details: pick(match, 'policy'),
    }),
  },
  {
    kind: 'forbidden',
    code: 'forbidden',
    pattern: /(?<what>[^\s:]+(?: "[^"]+")? is forbidden: [^\n]*)/,
    describe: match => {
      const refusal = parseRefusal(match.groups?.['what'] ?? '');
      return {
        sentence: refusal
          ? `The API server refused: ${describeRefusal(refusal)}.`
          : `The API server refused: ${match.groups?.['what'] ?? ''}.`,
        next: refusal
          ? describeMissingRight(refusal)
          : 'Ask an administrator of the cluster for the named right.',
        details: pick(match, 'what'),
      };
    },
  },
  {
    kind: 'namespaceMissing',
    code: 'toolFailed',
    pattern: /namespaces "(?<namespace>[^"]*)" not found/,
    describe: match => ({
      sentence: `The namespace ${match.groups?.['namespace'] ?? ''} does not exist in this cluster.`,
      next: 'Create the namespace, or correct cluster.namespace of the environment in slipway.yaml.',
      details: pick(match, 'namespace'),
    }),
  },
  {
    kind: 'neverDeployed',
    code: 'toolFailed',
    pattern: /"(?<release>[^"]*)" has no deployed releases/,
    describe: match => ({
      sentence: `Helm has no deployed revision of ${match.groups?.['release'] ?? 'the release'} to upgrade.`,
      next: 'Set install: true for the component in slipway.yaml, or repair what an earlier installation left.',
      details: pick(match, 'release'),
    }),
  },
  {
    kind: 'revisionMissing',
    code: 'noGoodRevision',
    pattern: /release has no (?<revision>\d+) version|unable to find a previously successful release/,
    describe: match => ({
      sentence: match.groups?.['revision']
        ? `Helm has no revision ${match.groups['revision']} of the release (any more).`
        : 'Helm has no earlier revision that was good.',
      next: 'Promote a release that is known to be good instead.',
      details: pick(match, 'revision'),
    }),
  },
  rule('releaseMissing', 'toolFailed', /release: not found/, {
    sentence: 'Helm knows no such release in this namespace.',
    next: 'Check the release name of the component in slipway.yaml, or set install: true.',
  }),
  {
    kind: 'hookFailed',
    code: 'toolFailed',
    pattern:
      /(?<hook>(?:pre|post)-\w+) hooks failed: (?:.*?resource (?<kind>\w+)\/\S*?(?<name>[^/\s]+) not ready\. status: Failed(?:, message: (?<message>[^\n]*))?|.*?\* job (?<job>\S+) failed: (?<why>[^\n]*))/s,
    describe: describeHook,
  },
  {
    kind: 'progressDeadline',
    code: 'toolFailed',
    pattern:
      /resource (?<object>\S+) not ready[^\n]*Progress deadline exceeded|exceeded its progress deadline/,
    describe: match => ({
      sentence: `${match.groups?.['object'] ?? 'A workload'} did not get ready within its own progress deadline.`,
      next: 'Read the failing pod, its events and its last lines beside the step.',
      details: pick(match, 'object'),
    }),
  },
  {
    kind: 'notReady',
    code: 'toolFailed',
    pattern:
      /resource (?<object>\S+) not ready\. status: (?<status>[^,\n]*)(?:, message: (?<message>[^\n]*))?|context deadline exceeded|timed out waiting for the condition/,
    describe: match => ({
      sentence: match.groups?.['object']
        ? `${match.groups['object']} ${match.groups['status'] === 'Failed' ? 'failed while helm waited for it' : "was not ready when helm's time was up"}: ${match.groups['message']?.trim() || match.groups['status']}.`
        : "Not everything was ready when helm's time was up.",
      next: 'Read the failing pod, its events and its last lines beside the step.',
      details: pick(match, 'object', 'status', 'message'),
    }),
  },
  rule('cancelled', 'cancelled', /context canceled/, {
    sentence: 'Helm was interrupted, and says so in its record.',
    next: 'Look at what runs now; new objects may already be there.',
  }),
  {
    kind: 'fieldUnknown',
    code: 'toolFailed',
    pattern: /(?<object>\S+), Kind=(?<type>\w+)\).*?(?<field>\.[\w.[\]"=]+): field not declared in schema/s,
    describe: match => ({
      sentence: `The chart sets ${match.groups?.['field'] ?? 'a field'} of a ${match.groups?.['type'] ?? 'resource'}, which this cluster does not know.`,
      // Kinds of Kubernetes itself have a group without a dot, or one of its own.
      next: /^(?![^/]*\.k8s\.io\/)[^/]*\./.test(match.groups?.['object'] ?? '')
        ? 'Correct the field in the chart, or, where its crds/ folder has a newer definition, apply that by hand first: helm installs definitions and never updates them.'
        : 'Correct the field in the chart, then make a new release.',
      details: pick(match, 'field', 'type'),
    }),
  },
  {
    kind: 'kindUnknown',
    code: 'toolFailed',
    pattern: /no matches for kind "(?<type>[^"]*)" in version "(?<version>[^"]*)"/,
    describe: match => ({
      sentence: `The cluster knows no ${match.groups?.['type'] ?? 'such kind'} of ${match.groups?.['version'] ?? ''}.`,
      next: 'Install its definition (CRD) in the cluster, or take it out of the chart.',
      details: pick(match, 'type', 'version'),
    }),
  },
  {
    kind: 'objectRefused',
    code: 'clusterRefused',
    pattern:
      /(?<object>\S+ "[^"]+") is invalid: (?<why>[^\n]*)|admission webhook (?<hook>"[^"]+") denied the request: (?<reason>[^\n]*)/,
    describe: describeInvalid,
  },
  ...chartRules,
  {
    kind: 'wrongFlag',
    code: 'toolTooOld',
    pattern:
      /unknown (?:shorthand )?flag: (?<flag>\S+)|invalid argument "(?<value>[^"]*)" for "(?<name>[^"]*)" flag/,
    describe: match => ({
      sentence: `This helm does not take ${match.groups?.['flag'] ?? match.groups?.['name'] ?? 'a flag'}.`,
      next: 'Install helm 3.15 or later, or name another path in the settings (slipway.tools).',
      details: pick(match, 'flag', 'name', 'value'),
    }),
  },
];

function rule(
  kind: HelmProblem['kind'],
  code: HelmProblem['code'],
  pattern: RegExp,
  { sentence, next }: Pick<ProblemWords, 'sentence' | 'next'>,
): ProblemRule {
  return { kind, code, pattern, describe: () => ({ sentence, next, details: {} }) };
}

/** A hook that runs before the rest fails before helm has changed anything of it. */
function describeHook(match: RegExpExecArray): ProblemWords {
  const { hook = '', kind = 'Job', name, job, message, why } = match.groups ?? {};
  const untouched = hook.startsWith('pre-') ? '; what ran before was not touched' : '';
  return {
    sentence: `The ${hook} hook ${kind}/${name ?? job ?? ''} failed (${firstLine(message ?? why) || 'no reason given'})${untouched}.`,
    next: "Read its pod, events and last lines beside the step; they are gone where the chart's delete policy takes away hooks that failed.",
    details: pick(match, 'hook'),
  };
}

function describeInvalid(match: RegExpExecArray): ProblemWords {
  const { hook, reason = '', object = 'an object', why = '' } = match.groups ?? {};
  if (hook !== undefined) {
    return {
      sentence: `The cluster's admission ${hook} refused: ${reason}.`,
      next: 'Read what the API server says, and mend what it names.',
      details: pick(match, 'hook'),
    };
  }
  return {
    sentence: `The API server does not take ${object}: ${shortenValues(why)}.`,
    next: /field is immutable/.test(why)
      ? 'Kubernetes does not change this field of an object that is there: delete the object first, or give it another name in the chart.'
      : 'Read what the API server says, and mend what it names.',
    details: pick(match, 'object'),
  };
}
