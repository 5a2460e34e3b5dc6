import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { securityHeaders } from './security-headers.ts';
import { loadStaticPages } from './static-pages.ts';

let directory: string;
let app: Hono;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'proofline-pages-'));
  mkdirSync(join(directory, 'dist/assets'), { recursive: true });
  writeFileSync(join(directory, 'secret.txt'), 'secret');
  writeFileSync(join(directory, 'dist/index.html'), '<p>index');
  writeFileSync(join(directory, 'dist/callback.html'), '<p>callback');
  writeFileSync(join(directory, 'dist/assets/app-1.js'), 'app()');
  const pages = loadStaticPages(join(directory, 'dist'));
  app = new Hono();
  app.get('*', (c) => pages.serve(c) ?? c.text('none', 404));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the built pages', () => {
  it.each(['/', '/calls', '/calls/int_1?tab=2', '/sign-in/a-b_c'])(
    '%s is the index',
    async (path) => {
      const response = await app.request(path);
      expect(await response.text()).toBe('<p>index');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    },
  );

  it('serves a file by its name, and keeps for ever only what is named by its content', async () => {
    const page = await app.request('/callback.html');
    expect([await page.text(), page.headers.get('cache-control')]).toEqual([
      '<p>callback',
      'no-cache',
    ]);
    const script = await app.request('/assets/app-1.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//etc/passwd.txt',
    '/assets/app-2.js',
    '/toString.js',
  ])('%s is not there', async (path) => {
    expect((await app.request(`http://staff.localhost${path}`)).status).toBe(404);
  });

  it('that were not built stop the start with what to run', () => {
    expect(() => loadStaticPages(join(directory, 'none'))).toThrow('npm run build');
  });
});

describe('the security headers', () => {
  const headersOf = async (origin: string) => {
    const guarded = new Hono();
    guarded.use(securityHeaders({ origin, connectTo: ['http://gw.test'], framedBy: "'none'" }));
    guarded.onError((_, c) => c.text('failed', 500));
    guarded.get('/broken', () => {
      throw new Error('x');
    });
    guarded.get('/', (c) => c.text('ok'));
    return Promise.all([
      guarded.request('/'),
      guarded.request('/broken'),
      guarded.request('/none'),
    ]);
  };

  it('stand on every answer, also on failures', async () => {
    for (const { headers } of await headersOf('http://staff.localhost')) {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("connect-src 'self' http://gw.test");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toMatch(/unsafe|\*/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.has('strict-transport-security')).toBe(false);
    }
  });

  it('ask for https where the origin is https, although the proxy speaks http to us', async () => {
    for (const { headers } of await headersOf('https://staff.example.com'))
      expect(headers.get('strict-transport-security')).toBe('max-age=63072000');
  });
});
