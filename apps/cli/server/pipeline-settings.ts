import { isId, type Id } from '@proofline/kernel';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { Io } from '../verb.ts';

/** What the process was started with. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Which server is talked to, and as which pipeline. */
export interface PipelineSettings {
  readonly origin: string;
  readonly id: Id<'svc'>;
  readonly key: JWK;
}

/** An address of the server: https, or plain http on this machine. */
const Origin = z.string().refine((text) => {
  const url = URL.parse(text);
  if (url?.origin !== text) return false;
  const { protocol, hostname } = url;
  return protocol === 'https:' || hostname === '127.0.0.1' || hostname.endsWith('.localhost');
}, 'must be the origin of the console, such as https://staff.example.com');

const PrivateKey = z.string().transform((text, context): JWK => {
  try {
    return PrivateJwk.parse(JSON.parse(text));
  } catch {
    context.addIssue({
      code: 'custom',
      message: 'must be a private JWK (ES256 or Ed25519) with a kid, as JSON',
    });
    return z.NEVER;
  }
});
const PrivateJwk = z.looseObject({
  kty: z.enum(['EC', 'OKP']),
  kid: z.string(),
  d: z.string().min(20),
});

const Settings = z.object({
  PROOFLINE_STAFF_ORIGIN: Origin,
  PROOFLINE_PIPELINE_ID: z
    .string()
    .refine((text): text is Id<'svc'> => isId('svc', text), 'must be an id of the form svc_…'),
  PROOFLINE_PIPELINE_KEY: PrivateKey,
});

/**
 * The settings of a pipeline; each may stand in a file that `<NAME>_FILE` names. Complains of every
 * one that is missing or unfit, without showing it, and answers nothing then.
 */
export async function readPipelineSettings(
  environment: Environment,
  io: Io,
): Promise<PipelineSettings | undefined> {
  const read = await readSettings(Settings, environment, io);
  return (
    read && {
      origin: read.PROOFLINE_STAFF_ORIGIN,
      id: read.PROOFLINE_PIPELINE_ID,
      key: read.PROOFLINE_PIPELINE_KEY,
    }
  );
}

/** Which server a person means. */
export async function readOrigin(environment: Environment, io: Io): Promise<string | undefined> {
  const read = await readSettings(Settings.pick({ PROOFLINE_STAFF_ORIGIN: true }), environment, io);
  return read?.PROOFLINE_STAFF_ORIGIN;
}

async function readSettings<S extends z.ZodObject>(
  settings: S,
  environment: Environment,
  io: Io,
): Promise<z.output<S> | undefined> {
  const given: Record<string, string> = {};
  const names = Object.keys(settings.shape);
  for (const name of names) {
    const value = environment[name] ?? (await readFile(environment[`${name}_FILE`], io));
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = settings.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const name of names) {
    const issue = parsed.error.issues.find(({ path }) => path[0] === name);
    if (issue) io.complain(`${name} ${given[name] === undefined ? 'is not set' : issue.message}.`);
  }
  io.complain('What each setting means stands in docs/reference/configuration.md.');
  return undefined;
}

async function readFile(path: string | undefined, io: Io): Promise<string | undefined> {
  if (path === undefined) return undefined;
  try {
    return (await io.readText(path)).trim();
  } catch {
    io.complain(`The file ${path} cannot be read.`);
    return undefined;
  }
}
