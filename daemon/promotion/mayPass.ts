import { ClusterError } from '../clusters/clusterError.ts';
import { SlipwayError } from '../protocol/errors.ts';
import { isDiskFull } from '../sources/releases/describeGitProblem.ts';

/**
 * True for an error that may be over at the next try: the cluster is away or out of step with itself, what answered was
 * not the API server, or somebody has to log in, who is asked meanwhile. Every other error of ours says what a person
 * must do, and it takes them longer than we can wait.
 */
export function mayPass(error: unknown): boolean {
  if (!(error instanceof SlipwayError)) {
    // What nobody has foreseen is waited out as well; an answer that was cut or garbled is out of reach, as below.
    return !isDiskFull(error);
  }
  return error.code === 'clusterUnreachable' || error.code === 'loginExpired' || isFaultOfServer(error);
}

/** True for a refusal that the API server blames on itself, as while its etcd changes the leader. */
function isFaultOfServer(error: SlipwayError): boolean {
  return error instanceof ClusterError && error.code === 'clusterRefused' && (error.status ?? 0) >= 500;
}
