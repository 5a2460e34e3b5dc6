import { bytesToBase64url, systemRandom } from '@proofline/kernel';
import { SignJWT } from 'jose';
import { sql } from 'kysely';
import type { Answer } from '../../../demo/actors/device.ts';
import {
  assertionParameters,
  type Claims,
  type Deviation,
  type RelyingParty,
} from './relying-party.ts';
import type { Rig } from './rig.ts';

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** How a request object is signed, where not as it is registered. */
interface Signing {
  readonly alg?: string;
  readonly key?: CryptoKey;
}

/** A signed authentication request (CIBA Core §7.1.1), with what is given instead. */
export async function signRequest(
  rig: Rig,
  claims: Claims = {},
  { alg = 'ES256', key = rig.terminal.parts.key }: Signing = {},
): Promise<string> {
  const { clientId } = rig.terminal;
  const usual = {
    iss: clientId,
    aud: rig.issuer,
    jti: bytesToBase64url(systemRandom.bytes(16)),
    iat: nowSeconds(),
    nbf: nowSeconds(),
    exp: nowSeconds() + 60,
    scope: rig.asked.scope,
    login_hint: rig.asked.hint,
    binding_message: '1234',
  };
  return new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg }).sign(key);
}

/** Posts a request to the backchannel authentication endpoint. */
export function post(party: RelyingParty, request: string, deviation?: Deviation): Promise<Answer> {
  return party.post('/backchannel', { request }, deviation);
}

/** Asks as it should be; answers the id by which the answer is asked for. */
export async function ask(rig: Rig, claims: Claims = {}, party = rig.terminal): Promise<string> {
  // As if the requests of the modules before had been a while ago: nobody is asked twelve times in ten minutes.
  const { db } = rig.company.server.composition.storage;
  await sql`update session_sign_in_requests set asked_at = asked_at - interval '1 hour'`.execute(
    db,
  );
  const own = { iss: party.clientId, ...claims };
  const taken = await post(party, await signRequest(rig, own, { key: party.parts.key }));
  const { auth_req_id: id } = taken.body as { auth_req_id?: string }; // CIBA Core §7.3
  if (id === undefined) throw new Error(`not asked: ${JSON.stringify(taken.body)}`);
  return id;
}

/** One question for the answer (CIBA Core §10.1). */
export function fetchAnswer(
  party: RelyingParty,
  authReqId: string,
  deviation?: Deviation,
): Promise<Answer> {
  const grant_type = 'urn:openid:params:grant-type:ciba';
  return party.post('/token', { grant_type, auth_req_id: authReqId }, deviation);
}

/** A client assertion with an algorithm that nobody takes here. */
export async function assertWithRs256(party: RelyingParty, key: CryptoKey): Promise<Deviation> {
  return { proof: assertionParameters(await party.assert({}, { alg: 'RS256' }, key)) };
}
