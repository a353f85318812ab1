import assert from 'node:assert/strict';
import { chooseProxy } from '../../../daemon/clusters/chooseProxy.ts';

const proxy = 'http://proxy:3128';
const choose = (server: string, environment: Record<string, string>, proxyUrl?: string) =>
  chooseProxy(server, { environment, proxyUrl });

describe('the proxy of a cluster', () => {
  it('is what the kubeconfig says, before the environment', () => {
    assert.equal(choose('https://a:6443', { HTTPS_PROXY: proxy }, 'socks5://s:1080'), 'socks5://s:1080');
  });

  it('is HTTPS_PROXY for https and HTTP_PROXY for http, in either case', () => {
    assert.equal(choose('https://a:6443', { https_proxy: proxy, HTTP_PROXY: 'http://other' }), proxy);
    assert.equal(choose('http://a:8001', { http_proxy: 'proxy:3128' }), proxy);
    assert.equal(choose('https://a:6443', { HTTP_PROXY: proxy }), undefined);
  });

  it('is never used for this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
      assert.equal(choose(`https://${host}:6443`, { HTTPS_PROXY: proxy }), undefined, host);
    }
  });

  for (const [list, server] of [
    ['*', 'https://a.example.com'],
    ['example.com', 'https://example.com'],
    ['example.com', 'https://api.example.com'],
    ['.example.com', 'https://api.example.com'],
    ['*.example.com', 'https://api.example.com'],
    ['other, EXAMPLE.com', 'https://api.example.com'],
    ['10.1.2.3', 'https://10.1.2.3:6443'],
    ['10.0.0.0/8', 'https://10.1.2.3:6443'],
    ['fd00::/8', 'https://[fd00::5]:6443'],
    ['example.com:6443', 'https://example.com:6443'],
  ] as const) {
    it(`is left out when NO_PROXY is ${list} and the server ${server}`, () => {
      assert.equal(choose(server, { HTTPS_PROXY: proxy, NO_PROXY: list }), undefined);
    });
  }

  for (const [list, server] of [
    ['.example.com', 'https://example.com'],
    ['ample.com', 'https://example.com'],
    ['10.0.0.0/8', 'https://11.1.2.3'],
    ['10.0.0.0/8', 'https://example.com'],
    ['10.0.0.0/99', 'https://10.1.2.3'],
    ['example.com:443', 'https://example.com:6443'],
  ] as const) {
    it(`is used when NO_PROXY is ${list} and the server ${server}`, () => {
      assert.equal(choose(server, { HTTPS_PROXY: proxy, NO_PROXY: list }), proxy);
    });
  }
});
