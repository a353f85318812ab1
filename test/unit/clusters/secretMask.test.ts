import assert from 'node:assert/strict';
import { writeManifest } from '../../../daemon/clusters/manifestDiff.ts';
import { parseManifest } from '../../../daemon/clusters/parseManifest.ts';
import { buildSecretMask } from '../../../daemon/clusters/secretMask.ts';

const secret = (values: object) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, ...values });
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the mask of Secrets', () => {
  it('L-14g shows no value, and that a value changed', () => {
    const mask = buildSecretMask();
    const before = mask(secret({ data: { password: base64('hunter2'), same: base64('x') } }));
    const after = mask(secret({ data: { password: base64('hunter3'), same: base64('x') } }));
    assert.match(JSON.stringify(before), /"password":"•••• \([0-9a-f]{8}\)"/);
    assert.doesNotMatch(JSON.stringify([before, after]), /hunter|aHVudGVy/);
    const [old, young] = [before, after].map(object => object['data'] as Record<string, string>);
    assert.notEqual(old?.['password'], young?.['password']);
    assert.equal(old?.['same'], young?.['same']);
  });

  it('L-14g shows the same for a value in data and in stringData', () => {
    const mask = buildSecretMask();
    const masked = mask(secret({ data: { a: base64('x') }, stringData: { a: 'x' } }));
    assert.deepEqual(masked['data'], masked['stringData']);
  });

  it('L-14g cannot be undone by trying values, since each mask has its own salt', () => {
    const object = secret({ data: { pin: base64('1234') } });
    assert.notDeepEqual(buildSecretMask()(object), buildSecretMask()(object));
  });

  it('leaves other objects as they are', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { a: 'x' } };
    assert.equal(buildSecretMask()(object), object);
  });

  it('L-14g covers a whole manifest', () => {
    const manifest = parseManifest(
      '---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData: {password: hunter2, number: 42}\n',
    );
    const text = writeManifest(manifest, { namespace: 'kosmos', mask: buildSecretMask() });
    assert.match(text, /^# v1\/Secret\/s\napiVersion: v1\n/);
    assert.doesNotMatch(text, /hunter2|42$/m);
  });
});
