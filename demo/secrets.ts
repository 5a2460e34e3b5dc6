import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesToBase64url, newId, systemClock, systemRandom, type Id } from '@proofline/kernel';
import { idOf, serviceRoles, type ServiceRole } from '@proofline/protocol';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';

const Jwk = z.looseObject({ kty: z.string(), kid: z.string(), d: z.string() });

const Secrets = z.object({
  kek: z.string(),
  logSeed: z.string(),
  cookieKey: z.string(),
  policySeed: z.string(),
  signingKey: Jwk,
  services: z.record(z.enum(serviceRoles), z.object({ id: idOf('svc'), key: Jwk })),
  notifierSecret: z.string(),
  metricsToken: z.string(),
  crmKey: z.string(),
});

/** What an installation must keep to itself. The demo makes its own; a real one is given them. */
export type DemoSecrets = z.infer<typeof Secrets>;

/** Reads the demo's secrets, or makes them at its first start (readable by their owner only). */
export async function loadDemoSecrets(directory: string): Promise<DemoSecrets> {
  const file = join(directory, 'secrets.json');
  if (existsSync(file)) {
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const known = Secrets.safeParse(kept);
    if (known.success) return known.data;
    // Made by an earlier version: what is there must stay, or the database could not be read.
    const { services, ...rest } = Object(kept) as { readonly services?: object }; // parsed below
    const whole = Secrets.parse({
      policySeed: randomSecret(),
      ...rest,
      services: { ...(await makeServices()), ...services },
    });
    writeFileSync(file, JSON.stringify(whole, null, 2), { mode: 0o600 });
    return whole;
  }
  const secrets = await makeSecrets();
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600, flag: 'wx' });
  return secrets;
}

async function makeSecrets(): Promise<DemoSecrets> {
  const random = randomSecret;
  return {
    kek: random(),
    logSeed: random(),
    cookieKey: random(),
    policySeed: random(),
    signingKey: await makeKey(),
    services: await makeServices(),
    notifierSecret: random(),
    metricsToken: random(),
    crmKey: random(),
  };
}

function randomSecret(): string {
  return bytesToBase64url(systemRandom.bytes(32));
}

interface DemoService {
  readonly id: Id<'svc'>;
  readonly key: z.infer<typeof Jwk>;
}

async function makeServices(): Promise<Record<ServiceRole, DemoService>> {
  // `fromEntries` forgets that every role is there; the schema above asserts it when it is read.
  return Object.fromEntries(
    await Promise.all(serviceRoles.map(async (role) => [role, await makeService()])),
  ) as Record<ServiceRole, DemoService>;
}

async function makeService(): Promise<DemoService> {
  return { id: newId('svc', { clock: systemClock, random: systemRandom }), key: await makeKey() };
}

async function makeKey(): Promise<z.infer<typeof Jwk>> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return Jwk.parse({ ...jwk, alg: 'ES256', use: 'sig', kid: await calculateJwkThumbprint(jwk) });
}

/** The public half of a key, for whoever verifies. */
export function publicHalf({ d: _private, ...jwk }: JWK): JWK {
  return jwk;
}
