import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';
import { unwatchNetwork } from '../bench/unwatchNetwork.ts';

describe('a page whose network is not watched any more', () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/plain');
    response.end(
      request.url === '/'
        ? '<script>fetch("/title").then(answer => answer.text()).then(text => { document.title = text; })</script>'
        : 'loaded',
    );
  });
  let browser: Browser;

  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  it('loads as before, and nothing is told of what it loads, over reloads too', async () => {
    const page = await browser.newPage();
    const told: string[] = [];
    page.on('request', request => told.push(new URL(request.url()).pathname));
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction('document.title === "loaded"');
    assert.ok(told.includes('/title'), `${told}`);
    await unwatchNetwork(page);
    told.length = 0;
    for (let load = 0; load < 2; load += 1) {
      await page.reload();
      await page.waitForFunction('document.title === "loaded"');
    }
    assert.deepEqual(told, []);
  });
});
