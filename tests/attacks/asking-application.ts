import { generateDpopKeys } from '@proofline/enforce/client';
import {
  CeremonyOptions,
  listSignInRequests,
  listCustomerSignInRequests,
  type ApplicationDraft,
  type CustomerSignInRequest,
  type Realm,
  type SignInRequest,
} from '@proofline/protocol';
import { exportJWK, generateKeyPair } from 'jose';
import { sql } from 'kysely';
import * as oidc from 'openid-client';
import type { Answer } from '../../demo/actors/device.ts';
import { localFetch } from '../../demo/actors/local-fetch.ts';
import type { Company } from '../../demo/start-company.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import type { CustomerAtHome } from './callers.ts';

/** A terminal without a screen of its own, played by openid-client. */
export interface AskingApplication {
  ask(person: string, bindingMessage: string): Promise<oidc.BackchannelAuthenticationResponse>;
  /** One question for the answer: the tokens, or the protocol’s name of why there are none. */
  fetch(authReqId: string): Promise<oidc.TokenEndpointResponse | string>;
}

/** Registers a terminal as whoever runs the server would: for colleagues, or for customers. */
export async function openTerminal(
  company: Company,
  name: string,
  realm: Realm = 'workforce',
): Promise<AskingApplication> {
  const isForCustomers = realm === 'customers';
  const pair = await generateKeyPair('ES256', { extractable: true });
  // A P-256 key has these members (RFC 7518 §6.2.1).
  const { x = '', y = '' } = await exportJWK(pair.publicKey);
  const draft: ApplicationDraft = {
    name,
    realm,
    policy: { acr: 'phr' },
    settings: {
      protocol: 'oidc',
      kind: 'native',
      redirectUris: [],
      proof: { method: 'private_key_jwt', jwks: { keys: [{ kty: 'EC', crv: 'P-256', x, y }] } },
      senderBound: true,
      pushedRequests: false,
      backchannel: { delivery: 'poll' },
      ...(isForCustomers && { mayLearn: ['account-number'] }),
    },
  };
  const { sessions, storage } = company.server.composition;
  await sessions.importApplications([draft]);
  const { rows } = await sql<{ id: string }>`select application_id as id from session_applications
    where name = ${name}`.execute(storage.db);
  const { customers, staff } = company.origins;
  const issuer = new URL(`${isForCustomers ? customers : staff}/oidc`);
  const proof = oidc.PrivateKeyJwt(pair.privateKey);
  const config = await oidc.discovery(issuer, rows[0]?.id ?? '', undefined, proof, {
    [oidc.customFetch]: (url, { body, ...init }) =>
      localFetch(url, { ...init, ...(body ? { body: String(body) } : {}) }),
    execute: [oidc.allowInsecureRequests],
  });
  const keys = await generateDpopKeys();
  return {
    ask: (person, bindingMessage) =>
      oidc.initiateBackchannelAuthentication(config, {
        scope: isForCustomers ? 'openid account' : 'openid',
        login_hint: person,
        binding_message: bindingMessage,
      }),
    fetch: (authReqId) =>
      oidc
        .genericGrantRequest(
          config,
          'urn:openid:params:grant-type:ciba',
          { auth_req_id: authReqId },
          { DPoP: oidc.getDPoPHandle(config, keys) },
        )
        .catch((error: unknown) => {
          if (error instanceof oidc.ResponseBodyError) return error.error;
          throw error;
        }),
  };
}

const path = '/api/self/sign-in-requests';

/** What a colleague is asked, once. */
export async function onlyRequest({ console }: Colleague): Promise<SignInRequest> {
  const { requests } = listSignInRequests.reply.parse((await console.api('GET', path)).body);
  const [request, ...others] = requests;
  if (!request || others.length > 0) throw new Error(`${requests.length} requests wait`);
  return request;
}

/** Begins to allow a request. */
export function beginAllowing({ console }: Colleague, requestId: string): Promise<Answer> {
  return console.api('POST', `${path}/${requestId}/ceremony`);
}

interface Answering {
  readonly by: Colleague;
  /** Of the console. */
  readonly origin: string;
  readonly change?: object;
}

/** Answers what was begun with somebody’s passkey, over the options as they are changed. */
export async function proveAllowing(
  { console }: Colleague,
  begun: Answer,
  { by, change = {}, origin }: Answering,
): Promise<Answer> {
  const { ceremonyId, publicKey } = CeremonyOptions.parse(begun.body);
  const options = { ...publicKey, ...change };
  const credential = await by.passkeys.assert({ options, origin });
  return console.api('POST', `${path}/proof`, { ceremonyId, credential });
}

/** A customer at their own page. */
export function atOwnPage({ device }: CustomerAtHome, origin: string) {
  const own = `${origin}/api/customer/sign-in-requests`;
  const post = (at: string, json: unknown = {}) => device.ask(`${own}${at}`, { origin, json });
  return {
    list: () => device.ask(own),
    async only(): Promise<CustomerSignInRequest> {
      const { body } = await device.ask(own);
      const { requests } = listCustomerSignInRequests.reply.parse(body);
      const [request, ...others] = requests;
      if (!request || others.length > 0) throw new Error(`${requests.length} requests wait`);
      return request;
    },
    begin: (requestId: string) => post(`/${requestId}/ceremony`),
    refuse: (requestId: string) => post(`/${requestId}/refusal`),
    /** Answers what was begun with somebody’s passkey, over the options as they are changed. */
    async prove(begun: Answer, by: CustomerAtHome, change: object = {}): Promise<Answer> {
      const { ceremonyId, publicKey } = CeremonyOptions.parse(begun.body);
      const options = { ...publicKey, ...change };
      return post('/proof', {
        ceremonyId,
        credential: await by.passkeys.assert({ options, origin }),
      });
    },
  };
}
