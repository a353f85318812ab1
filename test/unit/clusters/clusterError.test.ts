import assert from 'node:assert/strict';
import { buildStatusError } from '../../../daemon/clusters/clusterError.ts';
import { buildNetworkError } from '../../../daemon/clusters/networkError.ts';

const asked = { context: 'production', server: 'https://main:6443', method: 'GET', path: '/api/v1/pods' };
const status = (code: number, message: string, more: object = {}) =>
  buildStatusError(asked, { status: code, body: JSON.stringify({ kind: 'Status', message, code, ...more }) });

describe('an answer that is no success', () => {
  it('names who may not do what, and where', () => {
    const error = status(
      403,
      'deployments.apps is forbidden: User "alice" cannot list resource "deployments" in API group "apps" in the namespace "kosmos"',
    );
    assert.equal(error.code, 'forbidden');
    assert.equal(
      error.message,
      'alice may not list deployments.apps in namespace kosmos (context "production").',
    );
    assert.deepEqual(
      { user: error.details['user'], verb: error.details['verb'], namespace: error.details['namespace'] },
      { user: 'alice', verb: 'list', namespace: 'kosmos' },
    );
    assert.match(error.next, /let alice list deployments\.apps in namespace kosmos/);
  });

  it('names a missing right at the scope of the cluster', () => {
    const error = status(
      403,
      'namespaces "kube-system" is forbidden: User "paul" cannot get resource "namespaces" in API group "" at the cluster scope',
    );
    assert.equal(
      error.message,
      'paul may not get namespaces at the scope of the cluster (context "production").',
    );
  });

  it('does not take a quota, or a namespace that ends, for a missing right', () => {
    for (const why of [
      'exceeded quota: tight, requested: services=1, used: services=0, limited: services=0',
      'unable to create new content in namespace shop because it is being terminated',
    ]) {
      const error = status(403, `services "shop" is forbidden: ${why}`);
      assert.equal(error.code, 'clusterRefused');
      assert.ok(error.message.endsWith(why));
      assert.match(error.next, /Read what the API server says/);
    }
  });

  it('keeps the words of an admission policy', () => {
    const error = status(403, 'admission webhook "guard" denied the request: no approval');
    assert.equal(error.code, 'forbidden');
    assert.match(error.message, /denied the request: no approval/);
  });

  it('leaves out a value that nobody could read past', () => {
    const template = JSON.stringify({ Spec: { Containers: [{ Name: 'once', Image: 'x'.repeat(200) }] } });
    const error = status(
      422,
      `Job.batch "once" is invalid: spec.template: Invalid value: ${template}: field is immutable`,
    );
    assert.match(error.message, /Job\.batch "once" is invalid: spec\.template: field is immutable$/);
    const short = status(
      422,
      'Service "x" is invalid: spec.ports: Invalid value: [70000]: must be below 65536',
    );
    assert.match(short.message, /Invalid value: \[70000\]: must be below 65536$/);
  });

  it('is an expired login for 401', () => {
    assert.equal(status(401, 'Unauthorized').code, 'loginExpired');
  });

  it('is a cluster that cannot answer for 429 and 503, with the time to wait', () => {
    const error = buildStatusError(asked, { status: 429, body: 'slow down', retryAfter: '3' });
    assert.equal(error.code, 'clusterUnreachable');
    assert.equal(error.retryAfterMs, 3_000);
    assert.equal(status(503, 'x', { details: { retryAfterSeconds: 1 } }).retryAfterMs, 1_000);
    const long = buildStatusError(asked, { status: 429, body: 'slow down', retryAfter: '9999999' });
    assert.equal(long.retryAfterMs, 30_000, 'a timer could not wait that long');
  });

  it('keeps the fields that an API server names', () => {
    const error = status(409, 'Apply failed with 1 conflict', {
      details: { causes: [{ field: '.spec.replicas', message: 'conflict with "flagger"' }] },
    });
    assert.equal(error.kind, 'conflict');
    assert.deepEqual(error.causes, [{ field: '.spec.replicas', message: 'conflict with "flagger"' }]);
  });

  it('can be read even when it is not of Kubernetes', () => {
    const error = buildStatusError(asked, { status: 502, body: '<html>Bad gateway</html>' });
    assert.equal(error.code, 'clusterUnreachable');
    assert.match(error.message, /Bad gateway/);
  });
});

describe('a failure on the way', () => {
  it('names the innermost reason', () => {
    const inner = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    const error = buildNetworkError(asked, new TypeError('fetch failed', { cause: inner }));
    assert.equal(error.code, 'clusterUnreachable');
    assert.equal(
      error.message,
      'The cluster of context "production" (https://main:6443) cannot be reached: nothing listens there (connect ECONNREFUSED 127.0.0.1:1).',
    );
  });

  it('says that a time limit has passed', () => {
    const error = buildNetworkError(asked, new DOMException('The operation was aborted', 'TimeoutError'));
    assert.match(error.message, /cannot be reached: it did not answer in time\.$/);
  });

  it('names each address that was tried', () => {
    const refused = (port: number) =>
      Object.assign(new Error(`connect ECONNREFUSED ::1:${port}`), { code: 'ECONNREFUSED' });
    const error = buildNetworkError(asked, new AggregateError([refused(1), refused(2)]));
    assert.match(error.message, /::1:1\); nothing listens there \(connect ECONNREFUSED ::1:2\)/);
  });

  it('sends nobody to the network where a certificate is wrong', () => {
    const fail = (code: string, message: string) =>
      buildNetworkError(
        asked,
        new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) }),
      );
    const unknown = fail(
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca',
    );
    assert.match(
      unknown.message,
      /authority that the kubeconfig trusts \(unable to verify the first certificate\)\.$/,
    );
    assert.match(unknown.next, /certificate-authority-data/);
    const torn = fail(
      'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
      'error:05800074:x509 certificate routines::key values mismatch',
    );
    assert.match(torn.message, /the client certificate and the key in the kubeconfig do not belong together/);
    assert.match(torn.next, /^Write the kubeconfig anew/);
    assert.match(fail('CERT_HAS_EXPIRED', 'certificate has expired').next, /renew its certificate/);
    assert.match(fail('ECONNREFUSED', 'connect ECONNREFUSED').next, /Check the network and the VPN/);
  });
});
