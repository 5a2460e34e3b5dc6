import { readFileSync } from 'node:fs';
import { signingFetch, signRequest, type FetchPort } from '@proofline/enforce/client';
import { systemClock, systemRandom } from '@proofline/kernel';
import { registerService, type ServiceProof } from '@proofline/protocol';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import type { Colleague } from '../../demo/story/cast.ts';
import { expectAnswer, selfOf } from '../../demo/story/stage.ts';
import { codeIn, send } from './send.ts';

/** A registered program and its key. */
export interface SigningService {
  readonly serviceId: string;
  readonly kid: string;
  readonly privateJwk: JWK;
}

/** Registers a program that opens accounts, at the running server. */
export async function registerOpening(
  admin: Colleague,
  proves: ServiceProof,
): Promise<SigningService> {
  await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
  const pair = await generateKeyPair('EdDSA', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const { subjectId } = await selfOf(admin);
  const answer = await admin.console.api('POST', '/api/services/registration', {
    name: `Branch till ${proves} ${jwk.x?.slice(0, 6)}`,
    purpose: 'Invites customers who open an account at a branch.',
    role: 'account-opening',
    ownerId: subjectId,
    scopes: ['enrolment:invite'],
    ratePerMinute: 100,
    proves,
    key: { jwk },
  });
  const { serviceId } = expectAnswer(answer, {
    status: 201,
    step: 'register a service',
    form: registerService.reply,
  });
  const kid = await calculateJwkThumbprint(jwk);
  return { serviceId, kid, privateJwk: await exportJWK(pair.privateKey) };
}

/** The guide’s example, as it stands there: `docs/guides/sign-requests.md`. */
export async function enrolBySignature(
  origin: string,
  { kid, privateJwk }: SigningService,
  accountNumber: string,
): Promise<Response> {
  const privateKey = await crypto.subtle.importKey('jwk', privateJwk, 'Ed25519', false, ['sign']);
  const call = signingFetch({ key: { kid, privateKey } });
  const answer = await call(`${origin}/api/enrolments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ accountNumber }),
  });
  return answer;
}

/** A block of the guide, by the word after its language. */
export function blockOfGuide(language: string): string {
  const guide = readFileSync(
    new URL('../../docs/guides/sign-requests.md', import.meta.url),
    'utf8',
  );
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(guide)?.[1]?.trimEnd() ?? '';
}

/** A platform’s `fetch` that finds names below `localhost` on this machine. */
export const fetchHere: FetchPort = async (url, init) => {
  const { origin, pathname, search } = new URL(url);
  const answer = await send({
    origin,
    method: init.method ?? 'GET',
    path: pathname + search,
    headers: Object.fromEntries(new Headers(init.headers)),
    ...(typeof init.body === 'string' ? { body: init.body } : {}),
  });
  return new Response(answer.text, { status: answer.status });
};

type Sent = Parameters<typeof send>[0];

type Overheard = Sent & { readonly headers: Record<string, string>; readonly body: string };

/** An invitation of that account, signed by that program: what an attacker overhears. */
export const overheard = (origin: string, service: SigningService, accountNumber: string) =>
  signedPost(origin, service, { path: '/api/enrolments', body: JSON.stringify({ accountNumber }) });

/** A request with a body, signed by that program. */
export async function signedPost(
  origin: string,
  { kid, privateJwk }: SigningService,
  { body, path }: { readonly path: string; readonly body: string },
): Promise<Overheard> {
  const privateKey = await crypto.subtle.importKey('jwk', privateJwk, 'Ed25519', false, ['sign']);
  const bytes = new TextEncoder().encode(body);
  const signed = await signRequest(
    { kid, privateKey },
    { method: 'POST', url: origin + path, body: bytes },
    { clock: systemClock, random: systemRandom },
  );
  const length = String(bytes.length);
  const headers = { 'content-type': 'application/json', 'content-length': length, ...signed };
  return { origin, method: 'POST', path, headers, body };
}

/** What is told to whoever sends that. */
export const told = async (sent: Sent) => {
  const answer = await send(sent);
  return answer.status < 300 ? 'taken' : codeIn(answer);
};
