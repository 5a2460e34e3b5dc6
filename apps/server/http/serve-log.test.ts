import { gunzipSync } from 'node:zlib';
import type { LogFile } from '@proofline/ledger';
import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { afterEach, expect, it } from 'vitest';
import { openEdge, type TestEdge } from '../testing/open-edge.ts';
import { open, send } from '../testing/raw-request.ts';

let edge: TestEdge | undefined;
afterEach(() => edge?.server.close());

const bytes = new Uint8Array(Buffer.from('x'.repeat(500)));
const files: Readonly<Record<string, LogFile>> = {
  checkpoint: { type: 'text/plain; charset=utf-8', lasts: false, bytes },
  'tile/0/x001/000.p/3': { type: 'application/octet-stream', lasts: true, bytes },
  'tile/entries/000': {
    type: 'application/octet-stream',
    lasts: false,
    bytes,
    exportId: 'exp_one' as Id<'exp'>, // short, for reading
  },
};

async function openLog() {
  const asked: unknown[] = [];
  edge = await openEdge([], {
    log: {
      async find(path, pass) {
        asked.push([path, pass]);
        if (path.startsWith('tile/entries') && pass !== 'good') {
          throw new ProblemError(pass === undefined ? 'token.missing' : 'token.invalid');
        }
        return files[path];
      },
    },
  });
  return { port: edge.server.port, steps: edge.steps, asked };
}

it('serves the checkpoint anew each time, and hashes to be kept for ever', async () => {
  const { port, steps } = await openLog();
  const checkpoint = await send(port, { path: '/evidence-log/checkpoint' });
  expect(checkpoint).toMatchObject({ status: 200, text: 'x'.repeat(500) });
  expect(checkpoint.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-cache',
  });
  const tile = await send(port, { path: '/evidence-log/tile/0/x001/000.p/3' });
  expect(tile.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'cache-control': 'public, max-age=31536000, immutable',
  });
  expect(steps).toContain('rate');
});

it('hands a bearer’s pass over, and lets nobody keep the entries that it opens', async () => {
  const { port, asked } = await openLog();
  const path = '/evidence-log/tile/entries/000';
  expect((await send(port, { path })).status).toBe(401);
  const basic = { authorization: 'Basic good' };
  expect((await send(port, { path, headers: basic })).status).toBe(401);
  const headers = { authorization: 'Bearer good' };
  const plain = await send(port, { path, headers });
  expect(plain.headers['cache-control']).toBe('private, no-store');
  expect(plain.headers['content-encoding']).toBeUndefined();
  const packed = await open(port, { path, headers: { ...headers, 'accept-encoding': 'br, gzip' } });
  expect(packed.headers['content-encoding']).toBe('gzip');
  const chunks: Buffer[] = [];
  for await (const chunk of packed) chunks.push(chunk as Buffer); // no encoding was set
  expect(gunzipSync(Buffer.concat(chunks)).toString()).toBe('x'.repeat(500));
  expect(asked).toContainEqual(['tile/entries/000', undefined]);
});

it('has nothing else, changes nothing, and is not on the customers’ host', async () => {
  const { port, asked } = await openLog();
  for (const path of ['/evidence-log/', '/evidence-log/tile/0/000', '/evidence-log/index.html']) {
    expect((await send(port, { path })).status).toBe(404);
  }
  asked.length = 0;
  const path = '/evidence-log/checkpoint';
  expect((await send(port, { path, method: 'POST' })).status).toBe(404);
  const host = 'customers.localhost:4400';
  expect((await send(port, { path, headers: { host } })).status).toBe(404);
  expect(asked).toEqual([]);
});
