import assert from 'node:assert/strict';
import { chooseProxy } from '../../../daemon/clusters/chooseProxy.ts';
import { noProxyCases } from './noProxyCases.ts';

const proxy = 'http://proxy:3128';
const choose = (server: string, environment: Record<string, string>, proxyUrl?: string) =>
  chooseProxy(server, { environment, proxyUrl });

describe('the proxy of a cluster', () => {
  it('is what the kubeconfig says, before the environment', () => {
    assert.deepEqual(choose('https://a:6443', { HTTPS_PROXY: proxy }, 'socks5://s'), {
      url: 'socks5://s',
      address: 's:1080',
      from: 'proxy-url of the kubeconfig',
    });
  });

  it('is HTTPS_PROXY for https and HTTP_PROXY for http, in either case', () => {
    const chosen = choose('https://a:6443', { https_proxy: proxy, HTTP_PROXY: 'http://other' });
    assert.deepEqual([chosen?.address, chosen?.from], ['proxy:3128', 'https_proxy']);
    const plain = choose('http://a:8001', { http_proxy: 'me:secret@proxy' });
    assert.deepEqual([plain?.address, plain?.from], ['proxy:80', 'http_proxy']);
    assert.equal(choose('https://a:6443', { HTTP_PROXY: proxy }), undefined);
  });

  it('is told names by SOCKS, whichever of the two names its scheme has in the environment', () => {
    assert.equal(choose('https://a:6443', { HTTPS_PROXY: 'socks5h://s:1' })?.url, 'socks5://s:1');
  });

  for (const [value, why] of [
    ['ftp://me:secret@proxy:21', 'its scheme is "ftp", not one of http, https and socks5'],
    ['http://me:secret@proxy:x', 'it is not a URL'],
    ['http://me:%zz@proxy:1', 'it is not a URL'],
    ['proxy corp', 'it is not a URL'],
  ] as const) {
    it(`is refused, with the name of the variable, when HTTPS_PROXY is ${value}`, () => {
      assert.throws(
        () => choose('https://a:6443', { HTTPS_PROXY: value }),
        (error: Error & { code?: string; next?: string }) => {
          assert.equal(error.code, 'invalidArgument');
          assert.equal(error.message, `The proxy in HTTPS_PROXY cannot be used: ${why}.`);
          assert.match(error.next ?? '', /Correct HTTPS_PROXY: .*http, https and socks5/);
          return true;
        },
      );
    });
  }

  for (const [list, server, way] of noProxyCases) {
    it(`is ${way === 'direct' ? 'left out' : 'used'} when NO_PROXY is "${list}" and the server ${server}`, () => {
      const chosen = choose(server, { HTTPS_PROXY: proxy, NO_PROXY: list });
      assert.equal(chosen?.address, way === 'direct' ? undefined : 'proxy:3128');
    });
  }
});
