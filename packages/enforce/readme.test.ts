import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import {
  calculateJwkThumbprint,
  createRemoteJWKSet,
  exportJWK,
  generateKeyPair,
  SignJWT,
} from 'jose';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { dpopFetch, generateDpopKeys } from './client/index.ts';
import { createMemoryReplayStore, createPdpClient, enforce, type FetchPort } from './index.ts';

/** The README's snippet, run as it stands. */
function guardInvoices(app: Hono, signedFetch: FetchPort, readInvoices: (id: string) => object[]) {
  const issuer = 'https://staff.example/oidc',
    audience = 'https://billing.example';
  const jwks = createRemoteJWKSet(new URL(`${issuer}/jwks`)),
    clock = systemClock;
  const pdp = createPdpClient({ origin: 'https://staff.example', fetch: signedFetch });
  const guard = enforce({
    issuer,
    audience,
    jwks,
    pdp,
    clock,
    replayStore: createMemoryReplayStore(100_000, clock),
  });

  const fields = { '/*/amountCents': { category: 'invoice' } } as const;
  app.get(
    '/invoices/:account',
    guard({ action: 'invoice:read', resourceType: 'Account', param: 'account', fields }),
    (c) => c.json(readInvoices(c.req.param('account'))),
  );
}

/** What is left when how it is laid out does not matter. */
const bare = (code: string): string => code.replaceAll(/[\s,]/g, '');

const ids = { clock: systemClock, random: systemRandom };

function permit(init: RequestInit): object {
  const question = JSON.parse(String(init.body)) as { resource: object };
  return {
    decision: true,
    context: {
      proofline: {
        decisionId: newId('dec', ids),
        evidenceId: newId('evt', ids),
        effect: 'permit',
        forbidden: false,
        action: 'invoice:read',
        resource: question.resource,
        reasons: [],
        remedies: [],
        obligations: { fields: { visible: ['invoice'], masked: [], hidden: [] } },
        release: { sequence: 1, digest: 'd' },
        decidedAt: '2026-11-02T09:00:00.000Z',
      },
    },
  };
}

afterEach(() => vi.unstubAllGlobals());

describe('README.md', () => {
  it('guards an API in at most 12 lines, which are those that run below', () => {
    const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
    const snippet = /```ts guard\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const lines = snippet.trimEnd().split('\n');
    expect(lines.length).toBeLessThanOrEqual(12);
    const code = lines.filter((line) => !line.startsWith('import ')).join('\n');
    expect(code.length).toBeGreaterThan(300);
    expect(bare(readFileSync(new URL(import.meta.url), 'utf8'))).toContain(bare(code));
  });
  it('shows only what the decision lets be seen', async () => {
    const keys = await generateDpopKeys();
    const pair = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [await exportJWK(pair.publicKey)] };
    vi.stubGlobal('fetch', async () => Response.json(jwks));
    const app = new Hono();
    guardInvoices(
      app,
      async (url, init) =>
        Response.json(
          url.endsWith('/evaluation')
            ? permit(init)
            : { evidenceId: newId('evt', ids), stillPermitted: true },
        ),
      () => [{ amountCents: 900, memo: 'private' }],
    );
    const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
    const token = await new SignJWT({ client_id: 'console', cnf: { jkt } })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer('https://staff.example/oidc')
      .setAudience('https://billing.example')
      .setSubject('stf_1')
      .setJti('j')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(pair.privateKey);
    const fetchSigned = dpopFetch({
      keys,
      accessToken: () => token,
      fetch: async (url, init) => app.fetch(new Request(url, init)),
    });
    const response = await fetchSigned('https://billing.example/invoices/A-1', { method: 'GET' });
    expect(await response.json()).toEqual([{ amountCents: 900 }]);
  });
});
