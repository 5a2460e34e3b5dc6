import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signingFetch, type FetchPort } from '@proofline/enforce/client';
import type { RunningServer } from '@proofline/server/start';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { localFetch } from './actors/local-fetch.ts';
import type { Origins } from './environments.ts';
import { founders } from './staff.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Long enough ago that what it never used is proposed to be taken away. */
const REGISTERED_DAYS_AGO = 45;

/** A program of the company that signs its requests (RFC 9421), and its key: it alone holds that. */
export interface NightReports {
  /** Registers it, as whoever runs the server would have. */
  register(server: RunningServer): Promise<void>;
  /** Asks what it asks every night. */
  ask(origins: Origins): Promise<void>;
}

/** @see NightReports */
export async function openNightReports(directory: string): Promise<NightReports> {
  const jwk = await loadKey(join(directory, 'night-reports.json'));
  const { d: _, ...publicJwk } = jwk;
  const kid = await calculateJwkThumbprint(publicJwk);
  return {
    async register({ composition }) {
      const colleagues = await composition.workforce.listColleagues();
      const owner = colleagues.find(({ displayName }) => displayName === founders.security);
      if (!owner) throw new Error(`${founders.security} is not among the demo’s staff`);
      await composition.sessions.importServices([
        {
          name: 'Night reports',
          purpose: 'Asks before the morning who would be shown what, and writes it down.',
          role: 'gateway',
          proves: 'signature',
          ownerId: owner.subjectId,
          scopes: ['decision:evaluate', 'decision:search', 'result:report'],
          ratePerMinute: 60,
          key: { jwk: { ...publicJwk, kty: 'OKP', crv: 'Ed25519', x: publicJwk.x ?? '' } },
          since: new Date(composition.clock.now() - REGISTERED_DAYS_AGO * DAY_MS),
        },
      ]);
    },
    async ask({ staff }) {
      const algorithm = 'Ed25519';
      const privateKey = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign']);
      const call: FetchPort = signingFetch({ key: { kid, privateKey }, fetch: localFetch });
      // Refused where somebody suspended or removed it: that is theirs to see.
      await call(`${staff}/access/v1/evaluation`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          subject: { type: 'Staff', id: 'nobody' },
          action: { name: 'account:read' },
          resource: { type: 'Account', id: 'MH-10001' },
        }),
      });
    },
  };
}

async function loadKey(file: string): Promise<JWK> {
  // Written below, by this module.
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as JWK;
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true });
  const { kty, crv, x, d } = await exportJWK(privateKey);
  // An Ed25519 key has these members (RFC 8037 §2).
  const jwk = { kty: kty!, crv: crv!, x: x!, d: d! };
  writeFileSync(file, JSON.stringify(jwk), { mode: 0o600 });
  return jwk;
}
