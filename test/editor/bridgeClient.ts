import { request } from 'node:http';

/** Sends something to whoever runs the tests; resolves to the answer. Rejects where nobody does. */
export async function send(path: string, body: string): Promise<unknown> {
  const address = process.env['SLIPWAY_TEST_BRIDGE'];
  if (!address) {
    throw new Error('Nobody is at the other end: SLIPWAY_TEST_BRIDGE is not set.');
  }
  const text = await post(`${address}/${path}`, body);
  const answer = JSON.parse(text) as { readonly value?: unknown; readonly error?: string };
  if (answer.error !== undefined) {
    throw new Error(answer.error);
  }
  return answer.value;
}

function post(url: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST' }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
