import { readFileSync } from 'node:fs';
import { isId } from '@proofline/kernel';
import { z } from 'zod';

/** A setting that is missing or unsafe. Its message says what to set; it stops the start. */
export class GatewayConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The gateway cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'GatewayConfigError';
  }
}

const origin = z
  .url({ error: 'must be an origin such as https://gateway.example.com' })
  .refine(
    // Every line is asked, also of a text that is no URL: none of them may throw.
    (text) => URL.parse(text)?.origin === text,
    'must be an origin only: no path, no slash at the end',
  )
  .refine((text) => {
    const url = URL.parse(text);
    if (url === null) return false;
    const { protocol, hostname } = url;
    return protocol === 'https:' || hostname === '127.0.0.1' || hostname.endsWith('.localhost');
  }, 'must be https (plain http is taken for loopback only)');

const PrivateJwk = z.looseObject({
  kty: z.enum(['EC', 'OKP']),
  kid: z.string(),
  d: z.string().min(20),
});

const privateJwkText = z.string().transform((text, context): z.infer<typeof PrivateJwk> => {
  try {
    return PrivateJwk.parse(JSON.parse(text));
  } catch {
    const message = 'must be a private JWK (ES256 or Ed25519) with a kid, as JSON';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  }
});

/** Every setting, its form, and the sentence for when it is wrong. Nothing else reads the environment. */
const Environment = z.object({
  PROOFLINE_STAFF_ORIGIN: origin,
  PROOFLINE_GATEWAY_ORIGIN: origin,
  GATEWAY_LISTEN_HOST: z.string().default('127.0.0.1'),
  GATEWAY_LISTEN_PORT: z.coerce.number().int().min(0).max(65_535).default(4410),
  GATEWAY_CLIENT_ID: z
    .string()
    .refine((text) => isId('svc', text), 'must be the service’s id: svc_…'),
  GATEWAY_CLIENT_KEY: privateJwkText,
  GATEWAY_UPSTREAM_ORIGIN: origin,
  GATEWAY_UPSTREAM_API_KEY: z.string().min(16, 'must have at least 16 characters'),
  GATEWAY_UPSTREAM_API_KEY_HEADER: z
    .string()
    .regex(/^[a-z0-9-]{2,40}$/, 'must be a header name in lower case')
    .default('x-api-key'),
  GATEWAY_UPSTREAM_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000).default(8000),
  GATEWAY_MAPPING: z.string().min(1, 'must name the mapping file'),
  GATEWAY_METRICS_TOKEN: z.string().min(32, 'must have at least 32 characters'),
  GATEWAY_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export type GatewayConfig = z.infer<typeof Environment>;

function readSecretFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new GatewayConfigError([`${name}_FILE names a file that cannot be read.`]);
  }
}

/**
 * Reads the settings from an environment. `NAME_FILE` reads the value from a file, so that secrets
 * need not stand in the environment.
 *
 * @throws {GatewayConfigError} naming every setting that is missing or unsafe, never its value.
 */
export function readGatewayConfig(
  environment: Readonly<Record<string, string | undefined>>,
): GatewayConfig {
  const values: Record<string, string | undefined> = {};
  for (const name of Object.keys(Environment.shape)) {
    const file = environment[`${name}_FILE`];
    values[name] =
      environment[name] ?? (file === undefined ? undefined : readSecretFile(name, file));
  }
  const parsed = Environment.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return values[name] === undefined ? `${name} must be set.` : `${name} ${issue.message}.`;
  });
  throw new GatewayConfigError([...new Set(problems)]);
}
