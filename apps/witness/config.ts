import { readFileSync } from 'node:fs';
import { parseVerifierKey, witnessSigner, type VerifierKey } from '@proofline/evidence';
import { base64urlToBytes } from '@proofline/kernel';
import { z } from 'zod';

/** A setting that is missing or unsafe. Its message says what to set; it stops the start. */
export class WitnessConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`The witness cannot start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'WitnessConfigError';
  }
}

const LOGS_MAX = 1_000;

/** Origin → the keys that may sign for it: two while a log changes its key. */
export type KnownLogs = ReadonlyMap<string, readonly VerifierKey[]>;

const knownLogs = z.string().transform((text, context): KnownLogs => {
  const refuse = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  const logs = new Map<string, VerifierKey[]>();
  for (const [at, line] of text.split('\n').entries()) {
    const word = line.trim();
    if (word === '' || word.startsWith('#')) continue;
    const key = parseVerifierKey(word);
    if (!key) return refuse(`line ${at + 1} is not a log’s verifier key (name+hash+key)`);
    const keys = logs.get(key.name) ?? [];
    logs.set(key.name, keys);
    if (keys.some((known) => known.text === key.text)) return refuse(`line ${at + 1} stands twice`);
    keys.push(key);
  }
  if (logs.size === 0) return refuse('names no log');
  return logs.size <= LOGS_MAX ? logs : refuse(`names more than ${LOGS_MAX} logs`);
});

/** Every setting, its form, and the sentence for when it is wrong. Nothing else reads the environment. */
const Environment = z
  .object({
    WITNESS_NAME: z
      .string()
      .regex(/^[a-z0-9][a-z0-9./-]{2,79}$/, 'must be a name such as witness.example.com/w1'),
    WITNESS_SEED: z
      .string()
      .refine(
        (text) => base64urlToBytes(text)?.length === 32,
        'must be exactly 32 random bytes as base64url',
      ),
    WITNESS_LOGS: knownLogs,
    WITNESS_DATA_DIRECTORY: z.string().min(1, 'must be where the state is kept'),
    WITNESS_LISTEN_HOST: z.string().min(1).default('127.0.0.1'),
    WITNESS_LISTEN_PORT: z
      .string()
      .regex(/^\d{1,5}$/, 'must be a port from 0 to 65535')
      .transform(Number)
      .refine((port) => port <= 65_535, 'must be a port from 0 to 65535')
      .default(4450),
    WITNESS_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  })
  .superRefine(({ WITNESS_SEED: text, WITNESS_LOGS: logs }, context) => {
    const seed = base64urlToBytes(text);
    if (seed?.length !== 32) return;
    const { publicKey } = witnessSigner('any', seed).key;
    const isOwn = (key: VerifierKey) => Buffer.compare(key.publicKey, publicKey) === 0;
    if ([...logs.values()].flat().some(isOwn)) {
      const message = 'is the key of one of the logs: nobody is a witness of their own';
      context.addIssue({ code: 'custom', path: ['WITNESS_SEED'], message });
    }
  });

export type WitnessConfig = z.infer<typeof Environment>;

function readSettingFile(name: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new WitnessConfigError([`${name}_FILE names a file that cannot be read.`]);
  }
}

/**
 * Reads the settings from an environment. `NAME_FILE` reads the value from a file, so that the seed
 * need not stand in the environment.
 *
 * @throws {WitnessConfigError} naming every setting that is missing or unsafe, never its value.
 */
export function readWitnessConfig(
  environment: Readonly<Record<string, string | undefined>>,
): WitnessConfig {
  const values: Record<string, string | undefined> = {};
  for (const name of Object.keys(Environment.shape)) {
    const file = environment[`${name}_FILE`];
    values[name] =
      environment[name] ?? (file === undefined ? undefined : readSettingFile(name, file));
  }
  const parsed = Environment.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    return values[name] === undefined ? `${name} must be set.` : `${name} ${issue.message}.`;
  });
  throw new WitnessConfigError([...new Set(problems)]);
}
