import {
  dpopFetch,
  exchangeGrant,
  generateDpopKeys,
  type DpopKeys,
} from '@proofline/enforce/client';
import { systemClock, systemRandom } from '@proofline/kernel';
import { registerService, type Action } from '@proofline/protocol';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { z } from 'zod';
import { localFetch } from '../../demo/actors/local-fetch.ts';
import type { Company } from '../../demo/start-company.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import { expectAnswer, selfOf } from '../../demo/story/stage.ts';

/** A program that is registered to act for whoever calls it. */
export interface Assistant {
  readonly serviceId: string;
  readonly name: string;
  readonly kid: string;
  readonly clientKey: JWK;
  /** What its tokens are bound to. */
  readonly keys: DpopKeys;
}

/** Registers an assistant at the running server, as a security administrator does. */
export async function registerAssistant(
  admin: Colleague,
  terms: {
    readonly name: string;
    readonly serves: readonly string[];
    readonly audiences: readonly string[];
    readonly scopes: readonly Action[];
    readonly ratePerMinute?: number;
  },
): Promise<Assistant> {
  await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
  const pair = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(pair.publicKey);
  const answer = await admin.console.api('POST', '/api/services/registration', {
    purpose: 'Tells an agent what a case is about.',
    role: 'assistant',
    ownerId: (await selfOf(admin)).subjectId,
    ratePerMinute: 1_000,
    proves: 'dpop',
    key: { jwk },
    ...terms,
  });
  const { serviceId } = expectAnswer(answer, {
    status: 201,
    step: 'register an assistant',
    form: registerService.reply,
  });
  const kid = await calculateJwkThumbprint(jwk);
  const clientKey = { ...(await exportJWK(pair.privateKey)), kid };
  return { serviceId, name: terms.name, kid, clientKey, keys: await generateDpopKeys() };
}

/** Exchanges what it was called with; the error’s text where it is refused. */
export async function exchangeAs(
  { origins }: Pick<Company, 'origins'>,
  assistant: Assistant,
  asked: { readonly subjectToken: string; readonly resource: string },
): Promise<string> {
  const { clientKey, keys, serviceId: clientId } = assistant;
  const ports = { fetch: localFetch, clock: systemClock, random: systemRandom };
  const issuer = `${origins.staff}/oidc`;
  const got = await exchangeGrant({ issuer, clientId, clientKey, keys, ...ports }, asked);
  return got.accessToken;
}

const Answered = z.looseObject({ code: z.string().optional() });

/** What the gateway answers to a program with that token and that key. */
export async function readAs(
  { origins }: Pick<Company, 'origins'>,
  { accessToken, keys, ...request }: With,
) {
  const call = dpopFetch({ keys, accessToken: () => accessToken, fetch: localFetch });
  const { method = 'GET', path, json } = request;
  const answer = await call(`${origins.gateway}/customers/${path}`, {
    method,
    ...(json !== undefined && {
      headers: { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() },
      body: JSON.stringify(json),
    }),
  });
  const body: unknown = await answer.json();
  return { status: answer.status, body, problem: Answered.safeParse(body).data };
}

interface With {
  readonly accessToken: string;
  readonly keys: DpopKeys;
  readonly path: string;
  readonly method?: string;
  readonly json?: object;
}
