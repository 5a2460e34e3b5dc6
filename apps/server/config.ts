import { readFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { base64urlToBytes } from '@proofline/kernel';
import { idOf, Role, serviceRoles, SignInMode } from '@proofline/protocol';
import { readSamlKeys, type SamlKeys } from '@proofline/sessions';
import { z } from 'zod';
import { CallbackTarget } from './callbacks/callback-target.ts';
import { ReceiverSettings } from './receivers/receiver-setting.ts';
import { parseProxies } from './http/client-address.ts';
import {
  mtlsAuthorities,
  mtlsHeader,
  mtlsKey,
  mtlsOrigin,
  whyMtlsUnfit,
} from './mtls/mtls-settings.ts';
import { readCertificates } from './metadata/read-certificates.ts';
import { whyWitnessesUnfit, witnessPolicy } from './witnesses/witness-settings.ts';

/** A setting that is missing or unsafe. Its message says what to set; it stops the start. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`Proofline cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

function isLoopback(url: string): boolean {
  const { hostname = '' } = URL.parse(url) ?? {};
  return hostname === '127.0.0.1' || hostname.endsWith('.localhost');
}

const origin = z
  .url({ error: 'must be an origin such as https://staff.example.com' })
  .refine(
    // Every line is asked, also of a text that is no URL: none of them may throw.
    (text) => URL.parse(text)?.origin === text,
    'must be an origin only: no path, no slash at the end',
  )
  .refine(
    (text) => text.startsWith('https://') || isLoopback(text),
    'must be https (plain http is taken for *.localhost only)',
  );

const originList = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(origin));

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
  .transform(Number)
  .refine((number) => number <= 65_535, 'must be a port from 0 to 65535');

const key32 = z
  .string({ error: 'must be set: 32 random bytes as base64url' })
  .refine((text) => base64urlToBytes(text)?.length === 32, 'must be exactly 32 bytes as base64url');

const proxies = z.string().transform((text, context): BlockList => {
  const parsed = parseProxies(text);
  if (parsed !== undefined) return parsed;
  const message =
    'must be addresses or networks (10.0.0.5, 10.1.0.0/16); the widest are /8 of IPv4 and /32 of IPv6';
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const jsonText = (what: string) =>
  z.string({ error: `must be set: ${what}` }).transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: `is not JSON: ${what}` });
      return z.NEVER;
    }
  });

const certificates = z.string().transform((directory, context): readonly string[] => {
  try {
    return readCertificates(directory);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

const samlKeys = z.string().transform((pem, context): SamlKeys => {
  try {
    return readSamlKeys(pem);
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

const PrivateJwk = z.looseObject({ kty: z.string(), kid: z.string(), d: z.string().min(20) });
const PublicJwk = z
  .looseObject({ kty: z.string(), kid: z.string() })
  .refine((jwk) => !('d' in jwk), 'holds a private key; only public keys belong here');
const ServiceClient = z.object({
  id: idOf('svc'),
  role: z.enum(serviceRoles),
  jwk: PublicJwk,
  callbacks: z.array(CallbackTarget).max(10).default([]),
});
const Attestation = z.object({
  authorities: z.array(z.string()),
  allowedAaguids: z.array(z.string()),
  statuses: z.array(z.object({ aaguid: z.string(), status: z.string() })),
  deniedAaguids: z.array(z.string()).default([]),
});

/** Every setting, its form, and the sentence for when it is wrong. Nothing else reads the environment. */
const Environment = z
  .object({
    PROOFLINE_TENANT: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
    PROOFLINE_COMPANY: z.string().min(1).max(80),
    PROOFLINE_STAFF_ORIGIN: origin,
    PROOFLINE_CUSTOMERS_ORIGIN: origin,
    PROOFLINE_GATEWAY_ORIGIN: origin,
    // A grant for an origin of our own would be taken for one of our tokens.
    PROOFLINE_RESOURCE_ORIGINS: originList.default([]),
    // Where applications inside may be told of ended sessions; nobody at the console chooses that.
    PROOFLINE_INTERNAL_LOGOUT_ORIGINS: originList.default([]),
    PROOFLINE_EVIDENCE_RECEIVERS: jsonText('a JSON array of {name, form, url}')
      .pipe(ReceiverSettings)
      .default([]),
    // An empty host would be every interface, an empty port any port.
    PROOFLINE_LISTEN_HOST: z.string().min(1).default('127.0.0.1'),
    PROOFLINE_LISTEN_PORT: port.default(4400),
    // Whom nobody trusts cannot lie: without the setting, no header says who calls.
    PROOFLINE_TRUSTED_PROXIES: proxies.default(() => new BlockList()),
    PROOFLINE_MTLS_ORIGIN: mtlsOrigin.optional(),
    // TLS ends here, or at a proxy that says in a header whose certificate it has seen.
    PROOFLINE_MTLS_KEY: mtlsKey.optional(),
    PROOFLINE_MTLS_LISTEN_PORT: port.default(4443),
    PROOFLINE_MTLS_HEADER: mtlsHeader.optional(),
    PROOFLINE_MTLS_AUTHORITIES: mtlsAuthorities.optional(),
    DATABASE_URL: z.string().startsWith('postgres').optional(),
    PROOFLINE_DATABASE_OWNER_URL: z.string().startsWith('postgres').optional(),
    // Without it, two logins erase no evidence; one login takes a role on for it.
    PROOFLINE_DATABASE_ERASING_URL: z.string().startsWith('postgres').optional(),
    PROOFLINE_DATA_DIRECTORY: z
      .string({ error: 'must be set: where keys’ high-water mark and the embedded database live' })
      .min(1),
    PROOFLINE_CACHE_DIRECTORY: z.string().min(1).optional(),
    PROOFLINE_KEK: key32,
    PROOFLINE_LOG_SEED: key32,
    PROOFLINE_COOKIE_KEY: key32,
    PROOFLINE_POLICY_SEEDS: z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(key32).min(1)),
    PROOFLINE_POLICIES: z.enum(['candidate', 'release-at-start']).default('candidate'),
    PROOFLINE_LOG_NAME: z.string().regex(/^[a-z0-9./-]{3,80}$/),
    // Without it nobody else signs the log.
    PROOFLINE_WITNESS_POLICY: witnessPolicy.optional(),
    PROOFLINE_INTERNAL_WITNESS_ORIGINS: originList.default([]),
    PROOFLINE_SIGNING_KEYS: jsonText('a JSON array of private ES256 JWKs, newest first').pipe(
      z.array(PrivateJwk).min(1),
    ),
    PROOFLINE_SIGNING_KEY_DAYS: z.coerce
      .number({ error: 'must be whole days, from 2 to 365' })
      .int('must be whole days, from 2 to 365')
      .min(2, 'must be at least 2: a key is published a day before it signs')
      .max(365, 'must be at most 365')
      .default(90),
    // Without it there is no SAML identity provider.
    PROOFLINE_SAML_KEYS: samlKeys.optional(),
    PROOFLINE_SERVICES: jsonText('a JSON array of {id, role, jwk}').pipe(z.array(ServiceClient)),
    // Policy says which of these roles a directory gives.
    PROOFLINE_PROVISIONING_ROLES: jsonText('{group: role}')
      .pipe(z.record(z.string().min(1).max(200), Role))
      .default({}),
    PROOFLINE_ATTESTATION: jsonText('{authorities: PEM[], allowedAaguids: [], statuses: []}').pipe(
      Attestation,
    ),
    PROOFLINE_TRUST_ROOTS: certificates.default([]),
    PROOFLINE_METADATA: z
      .string()
      .refine(
        (text) => text.startsWith('/') || text.startsWith('https://') || isLoopback(text),
        'must be an absolute path or an https address',
      )
      .optional(),
    PROOFLINE_METADATA_ROOTS: certificates.optional(),
    PROOFLINE_METADATA_SIGNER: z
      .string()
      .regex(/^[a-z0-9.-]{3,253}$/, 'must be a DNS name')
      .default('mds.fidoalliance.org'),
    PROOFLINE_METADATA_GRACE_DAYS: z
      .string()
      .regex(/^\d{1,2}$/, 'must be a number of days from 0 to 60')
      .transform(Number)
      .refine((days) => days <= 60, 'must be a number of days from 0 to 60')
      .default(14),
    PROOFLINE_TWO_PASSKEY_ROLES: z
      .string()
      .transform((text) => text.split(',').map((part) => part.trim()))
      .pipe(z.array(Role))
      .default([]),
    PROOFLINE_DESK_MODES: jsonText('{desk: personal, vdi, shared-workstation or kiosk}')
      .pipe(z.record(z.string().min(1).max(60), SignInMode))
      .default({}),
    PROOFLINE_RECOVERY_WAIT_HOURS: z.coerce
      .number({ error: 'must be whole hours, from 24 to 72' })
      .int('must be whole hours, from 24 to 72')
      .min(24, 'must be at least 24: nobody would have the time to cancel')
      .max(72, 'must be at most 72')
      .default(48),
    PROOFLINE_BREAK_GLASS_REVIEW_HOURS: z.coerce
      .number({ error: 'must be whole hours, from 1 to 168' })
      .int('must be whole hours, from 1 to 168')
      .min(1, 'must be at least 1')
      .max(168, 'must be at most 168: nobody remembers what it was for')
      .default(72),
    // Shows in a minute what takes a day. Only a demonstration may.
    PROOFLINE_RECOVERY_DEMO_WAIT_SECONDS: z.coerce.number().int().min(1).max(3600).optional(),
    PROOFLINE_NOTIFIER_URL: z
      .url({ error: 'must be the URL of a message carrier' })
      .refine(
        (text) => text.startsWith('https://') || isLoopback(text),
        'must be https (plain http is taken for loopback only)',
      ),
    PROOFLINE_NOTIFIER_SECRET: z.string().min(32, 'must have at least 32 characters'),
    PROOFLINE_ORACLE_EVERY: z.coerce.number().int().min(1).max(1_000_000).default(1_000),
    PROOFLINE_FACTS_TIMEOUT_MS: z.coerce.number().int().min(100).max(5_000).default(500),
    PROOFLINE_METRICS_TOKEN: z.string().min(32, 'must have at least 32 characters'),
    PROOFLINE_ENVIRONMENT: z.enum(['demo', 'test', 'staging', 'production']),
    PROOFLINE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .refine(
    (env) =>
      URL.parse(env.PROOFLINE_STAFF_ORIGIN)?.hostname !==
      URL.parse(env.PROOFLINE_CUSTOMERS_ORIGIN)?.hostname,
    {
      path: ['PROOFLINE_CUSTOMERS_ORIGIN'],
      message: 'must be another host than PROOFLINE_STAFF_ORIGIN: the realms share nothing',
    },
  )
  .refine(
    (env) =>
      env.PROOFLINE_RECOVERY_DEMO_WAIT_SECONDS === undefined ||
      env.PROOFLINE_ENVIRONMENT === 'demo' ||
      env.PROOFLINE_ENVIRONMENT === 'test',
    {
      path: ['PROOFLINE_RECOVERY_DEMO_WAIT_SECONDS'],
      message: 'is for a demonstration: a real recovery waits at least 24 hours',
    },
  )
  .refine((env) => !env.PROOFLINE_DATABASE_ERASING_URL || env.PROOFLINE_DATABASE_OWNER_URL, {
    path: ['PROOFLINE_DATABASE_ERASING_URL'],
    message:
      'needs PROOFLINE_DATABASE_OWNER_URL: with one login nothing is gained by another that erases',
  })
  .refine((env) => !env.PROOFLINE_DATABASE_OWNER_URL || env.DATABASE_URL, {
    path: ['PROOFLINE_DATABASE_OWNER_URL'],
    message: 'needs DATABASE_URL: the login that the server works under',
  })
  // Either alone would look like metadata that is checked, and be none.
  .refine((env) => !env.PROOFLINE_METADATA || env.PROOFLINE_METADATA_ROOTS, {
    path: ['PROOFLINE_METADATA_ROOTS'],
    message: 'is needed with PROOFLINE_METADATA: the authorities whose signers are believed',
  })
  .refine((env) => !env.PROOFLINE_METADATA_ROOTS || env.PROOFLINE_METADATA, {
    path: ['PROOFLINE_METADATA'],
    message: 'is needed with PROOFLINE_METADATA_ROOTS: where the metadata is',
  })
  .refine(
    (env) => {
      const own = [env.PROOFLINE_STAFF_ORIGIN, env.PROOFLINE_CUSTOMERS_ORIGIN];
      const all = [env.PROOFLINE_GATEWAY_ORIGIN, ...env.PROOFLINE_RESOURCE_ORIGINS];
      return new Set(all).size === all.length && !own.some((one) => all.includes(one));
    },
    {
      path: ['PROOFLINE_RESOURCE_ORIGINS'],
      message: 'must name each API once, and neither the gateway nor an origin of Proofline’s own',
    },
  )
  .superRefine((env, context) => {
    const unfit = whyMtlsUnfit(env);
    if (unfit) context.addIssue({ code: 'custom', path: [unfit.path], message: unfit.message });
    const message = whyWitnessesUnfit(env);
    if (message) context.addIssue({ code: 'custom', path: ['PROOFLINE_WITNESS_POLICY'], message });
  });

export type Config = z.infer<typeof Environment>;

/**
 * Reads the settings from an environment. `NAME_FILE` reads the value from a file, so that secrets
 * need not stand in the environment.
 *
 * @throws {ConfigError} naming every setting that is missing or unsafe.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const values: Record<string, string | undefined> = {};
  for (const name of Object.keys(Environment.shape)) {
    const file = environment[`${name}_FILE`];
    values[name] =
      environment[name] ?? (file === undefined ? undefined : readSecretFile(name, file));
  }
  const parsed = Environment.safeParse(values);
  if (parsed.success) return parsed.data;
  throw new ConfigError(
    parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return values[name] === undefined ? `${name} must be set.` : `${name} ${issue.message}.`;
    }),
  );
}

function readSecretFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new ConfigError([`${name}_FILE names a file that cannot be read.`]);
  }
}
