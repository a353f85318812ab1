import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { buildToken, checkDoor, type DoorRequest } from '../../../daemon/server/doorCheck.ts';

const token = buildToken();
const good: DoorRequest = { url: '/', headers: { host: ['localhost'], authorization: [`Bearer ${token}`] } };

describe('the check at the door', () => {
  it('L-06a lets in a client with the token', () => {
    assert.equal(checkDoor(good, token), undefined);
  });

  it('takes the scheme and the host in any case', () => {
    const headers = { host: ['LocalHost'], authorization: [`bearer ${token}`] };
    assert.equal(checkDoor({ ...good, headers }, token), undefined);
  });

  it('L-06a makes tokens of 32 random bytes, never the same', () => {
    const tokens = new Set(Array.from({ length: 100 }, buildToken));
    assert.equal(tokens.size, 100);
    assert.ok([...tokens].every(text => /^[A-Za-z0-9_-]{43}$/.test(text)));
  });

  it('L-06b looks for a browser before anything else', () => {
    const headers = { origin: ['null'] };
    assert.equal(checkDoor({ url: undefined, headers }, token), 'browser');
  });

  it('L-06c wants exactly one host', () => {
    for (const host of [undefined, [], ['localhost', 'localhost'], ['localhost, localhost']]) {
      assert.equal(checkDoor({ ...good, headers: { ...good.headers, host } }, token), 'host');
    }
  });

  it('names each refusal for the log', () => {
    const refusal = (change: Partial<DoorRequest>) => checkDoor({ ...good, ...change }, token);
    assert.equal(refusal({ url: '/x' }), 'url');
    assert.equal(refusal({ headers: { host: ['localhost'] } }), 'noToken');
    assert.equal(refusal({ headers: { ...good.headers, authorization: ['Bearer x'] } }), 'wrongToken');
    assert.equal(refusal({ headers: { ...good.headers, referer: [''] } }), 'browser');
  });
});
