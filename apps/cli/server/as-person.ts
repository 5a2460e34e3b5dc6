import { createHash } from 'node:crypto';
import {
  createDpopProof,
  dpopFetch,
  generateDpopKeys,
  type DpopKeys,
} from '@proofline/enforce/client';
import { bytesToBase64url } from '@proofline/kernel';
import { z } from 'zod';
import { exitCodes, type ExitCode, type Io } from '../verb.ts';
import { telling } from './as-pipeline.ts';
import { createCallRoute, NotDone, type CallRoute } from './call-route.ts';
import { readOrigin, type Environment } from './pipeline-settings.ts';

const CLIENT_ID = 'command-line';
const ANSWER_MAX_MS = 5 * 60_000;
const Pushed = z.object({ request_uri: z.string().max(400) });
const Tokens = z.object({ access_token: z.string().min(20).max(8_192) });

interface Asking {
  readonly origin: string;
  /** The path of the one act that is asked for: the token is good there and nowhere else. */
  readonly path: string;
  /** The level of proof that it takes (OpenID Connect Core §3.1.2.1); absent: any. */
  readonly acr?: 'phrh';
  readonly io: Io;
}

/**
 * Does one thing at the server in the name of a person, who proves themselves in their browser with
 * their own passkey: RFC 8252 with PAR, PKCE and DPoP. Token and key live as long as this process.
 */
export async function asPerson(
  { environment, ...asked }: { readonly environment: Environment } & Omit<Asking, 'origin'>,
  act: (call: CallRoute) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { io } = asked;
  const origin = await readOrigin(environment, io);
  if (origin === undefined) return exitCodes.usage;
  return telling(io, async () => {
    const keys = await generateDpopKeys();
    const ports = { keys, fetch: io.fetch, clock: io.clock, random: io.random };
    const token = await askPerson({ origin, ...asked }, keys);
    return act(createCallRoute(origin, dpopFetch({ ...ports, accessToken: () => token })));
  });
}

async function askPerson(asking: Asking, keys: DpopKeys): Promise<string> {
  const { acr, origin, path, io } = asking;
  const loopback = await io.listen();
  try {
    const random = () => bytesToBase64url(io.random.bytes(32));
    const [verifier, state] = [random(), random()];
    const { redirectUri } = loopback;
    const resource = `${origin}${path}`;
    const pushed = await post(
      { ...asking, keys, form: Pushed, to: 'request' },
      {
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid',
        resource,
        ...(acr && { acr_values: acr }),
        state,
        code_challenge: createHash('sha256').update(verifier).digest('base64url'),
        code_challenge_method: 'S256',
      },
    );
    const page = new URL(`${origin}/oidc/auth`);
    page.search = new URLSearchParams({
      client_id: CLIENT_ID,
      request_uri: pushed.request_uri,
    }).toString();
    io.say('Open this page in your browser, and prove that it is you:');
    io.say(page.href);
    const code = codeOf(await back(loopback.callback(ANSWER_MAX_MS)), { state, origin });
    const tokens = await post(
      { ...asking, keys, form: Tokens, to: 'token' },
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri,
        code_verifier: verifier,
        resource,
      },
    );
    return tokens.access_token;
  } finally {
    loopback.close();
  }
}

async function back(callback: Promise<URL>): Promise<URL> {
  try {
    return await callback;
  } catch {
    throw new NotDone('Nobody answered in the browser within five minutes. Nothing was done.');
  }
}

/** RFC 6749 §4.1.2 and RFC 9207 §2.4: an answer to this request, from this issuer. */
function codeOf(
  { searchParams }: URL,
  expected: { readonly state: string; readonly origin: string },
): string {
  const code = searchParams.get('code');
  if (
    searchParams.get('state') !== expected.state ||
    searchParams.get('iss') !== `${expected.origin}/oidc`
  ) {
    throw new NotDone('The browser came back with an answer to something else. Nothing was done.');
  }
  if (code === null) throw new NotDone('It was not confirmed in the browser. Nothing was done.');
  return code;
}

interface Posting<T> extends Asking {
  readonly keys: DpopKeys;
  readonly to: 'request' | 'token';
  readonly form: z.ZodType<T>;
}

async function post<T>(
  { origin, io, keys, to, form }: Posting<T>,
  parameters: Readonly<Record<string, string>>,
): Promise<T> {
  const url = `${origin}/oidc/${to}`;
  const dpop = await createDpopProof(keys, { method: 'POST', url }, io);
  const answered = await io
    .fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        accept: 'application/json',
        dpop,
      },
      body: new URLSearchParams({ client_id: CLIENT_ID, ...parameters }).toString(),
      signal: AbortSignal.timeout(30_000),
    })
    .catch(() => {
      throw new NotDone(`The server at ${origin} cannot be reached.`);
    });
  const parsed = form.safeParse(await answered.json().catch(() => undefined));
  if (answered.ok && parsed.success) return parsed.data;
  throw new NotDone(`The server did not let this sign-in go on: it answered ${answered.status}.`);
}
