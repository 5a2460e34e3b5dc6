import {
  registerApplication,
  type ApplicationDraft,
  type OidcSettings,
  type Realm,
} from '@proofline/protocol';
import { createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify, type JWTPayload } from 'jose';
import { sql } from 'kysely';
import { createDevice } from '../../../demo/actors/device.ts';
import { createDpopKey } from '../../../demo/actors/dpop-key.ts';
import { localFetch } from '../../../demo/actors/local-fetch.ts';
import type { Company } from '../../../demo/start-company.ts';
import { seatFounder, type Colleague } from '../../../demo/story/cast.ts';
import { beginAllowing, onlyRequest, proveAllowing } from '../../attacks/asking-application.ts';
import { modelOf } from '../../../modules/sessions/oidc/realm.ts';
import { expectAnswer, selfOf } from '../../../demo/story/stage.ts';
import type { LogoutListener } from './logout-listener.ts';
import type { PingListener } from './ping-listener.ts';
import { createPerson, type Person } from './person.ts';
import { RelyingParty, type Asking, type Visit } from './relying-party.ts';

/** What every module of every plan is run with: one server, some registered applications, one passkey. */
export interface Rig {
  readonly issuer: string;
  readonly company: Company;
  readonly discovery: Readonly<Record<string, unknown>>;
  /** Who signs in. */
  readonly person: Person;
  /** A colleague who signs in to something else. */
  readonly other: Person;
  /** `private_key_jwt`, requests in the browser's address, bearer tokens: what OpenID Connect basic asks. */
  readonly basic: RelyingParty;
  /** `private_key_jwt`, pushed requests, DPoP: what FAPI 2.0 asks. */
  readonly fapi: RelyingParty;
  /** Another such one. */
  readonly second: RelyingParty;
  /** One whose requests must be signed as well (FAPI 2.0 message signing). */
  readonly signing: RelyingParty;
  /** One that asks people who are not at its screen, with signed requests, and asks for the answer (CIBA poll). */
  readonly terminal: RelyingParty;
  /** The same, and it is told of the answer (CIBA ping). */
  readonly doorbell: RelyingParty;
  /** Whom they ask. */
  readonly asked: AskedPerson;
  /** Where “doorbell” waits to be told. */
  readonly pings: PingListener;
  /** Where an application waits to be told of ended sessions. */
  readonly told: LogoutListener;
  /** What a party calls somebody. */
  nameOf(person: Person, party: RelyingParty): string;
  /** Registers another application. */
  register(name: string, settings: Partial<OidcSettings>): Promise<RelyingParty>;
  /** From nothing to verified tokens; throws where one of the steps is refused. */
  signIn(party: RelyingParty, asking?: Asking): Promise<SignedIn>;
  /** The claims of an ID token whose signature, issuer and audience are right. */
  verify(idToken: string, party: RelyingParty): Promise<JWTPayload>;
  /** Makes every proof of staff look older, as if the time had passed. */
  letProofsAge(seconds: number): Promise<void>;
  /** Makes what lives for minutes (codes, pushed requests) run out at once. */
  letTransientsExpire(
    model: 'AuthorizationCode' | 'PushedAuthorizationRequest' | 'BackchannelAuthenticationRequest',
  ): Promise<void>;
}

export interface SignedIn {
  readonly visit: Visit;
  readonly tokens: Readonly<Record<string, unknown>>;
  readonly accessToken: string;
  readonly idToken: string;
  readonly claims: JWTPayload;
}

/** Somebody who is asked elsewhere: at a console, or at a customer’s own page. */
export interface AskedPerson {
  /** How an application names them. */
  readonly hint: string;
  /** What it then asks to be told. */
  readonly scope: string;
  nameAt(party: RelyingParty): string;
  answer(how: 'allow' | 'refuse'): Promise<void>;
}

/** Where “basic” is sent after somebody signed out. */
export const afterLogout = 'https://basic.example/signed-out';
/** What “fapi” may ask tokens for, and “second” serves, where colleagues sign in to them. */
export const api = 'https://api.example/';

/** Where a party is called back; the browser of this test stops before it. */
export const callbackOf = (name: string): string => `https://${name}.example/callback`;

interface Registering {
  readonly issuer: string;
  readonly admin: Colleague;
  readonly person: Person;
  readonly realm: Realm;
}

function registrar({ admin, issuer, person, realm }: Registering) {
  const device = createDevice();
  return async (name: string, settings: Partial<OidcSettings>) => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    // A P-256 key has these members (RFC 7518 §6.2.1).
    const { x = '', y = '' } = await exportJWK(pair.publicKey);
    const jwk = { kty: 'EC', crv: 'P-256', x, y } as const;
    const all: OidcSettings = {
      protocol: 'oidc',
      kind: 'web',
      redirectUris: [callbackOf(name)],
      proof: { method: 'private_key_jwt', jwks: { keys: [jwk] } },
      senderBound: true,
      pushedRequests: true,
      ...(realm === 'customers' && { mayLearn: ['name', 'account-number'] }),
      ...settings,
    };
    const draft: ApplicationDraft = {
      name: realm === 'customers' ? `${name} for customers` : name,
      realm,
      policy: { acr: 'phr' },
      settings: all,
    };
    // It takes a security key that was touched within the last minute, however slow the machine is.
    await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 10 });
    const made = expectAnswer(await admin.console.api('POST', '/api/applications', draft), {
      status: 201,
      step: 'register an application',
      form: registerApplication.reply,
    });
    const dpop = await createDpopKey();
    const parts = { issuer, clientId: made.applicationId, settings: all, key: pair.privateKey };
    return new RelyingParty({ ...parts, dpop, device, person });
  };
}

async function read(url: string): Promise<Record<string, unknown>> {
  return (await (await localFetch(url)).json()) as Record<string, unknown>; // metadata are objects
}

async function personOf(company: Company, name: string): Promise<Person> {
  const colleague = await seatFounder(company, name);
  const { subjectId } = await selfOf(colleague);
  return createPerson(company.origins.staff, {
    passkeys: colleague.passkeys,
    subjectId,
    displayName: name,
  });
}

/** Of which realm a rig is, and who is in it. */
interface Cast {
  readonly company: Company;
  readonly realm: Realm;
  readonly person: Person;
  readonly other: Person;
  readonly admin: Colleague;
  readonly told: LogoutListener;
  readonly nameOf: Rig['nameOf'];
}

/** What plans of both realms are run with, but for those who are asked elsewhere. */
export type CommonRig = Omit<Rig, 'asked' | 'doorbell' | 'pings' | 'terminal'>;

/** Registers the parties that both realms have. */
export async function createCommonRig(cast: Cast): Promise<CommonRig> {
  const { company, other, person, realm } = cast;
  const { customers, staff } = company.origins;
  const isStaff = realm === 'workforce';
  const issuer = `${realm === 'customers' ? customers : staff}/oidc`;
  const register = registrar({ ...cast, issuer });
  const discovery = await read(`${issuer}/.well-known/openid-configuration`);
  const jwks = createLocalJWKSet((await read(String(discovery['jwks_uri']))) as never); // RFC 7517
  const { db } = company.server.composition.storage;
  const verify: Rig['verify'] = async (idToken, party) => {
    const algorithms = ['ES256'];
    const { payload } = await jwtVerify(idToken, jwks, {
      issuer,
      audience: party.clientId,
      algorithms,
    });
    return payload;
  };
  return {
    issuer,
    company,
    discovery,
    person,
    other,
    nameOf: cast.nameOf,
    basic: await register('basic', {
      senderBound: false,
      pushedRequests: false,
      postLogoutRedirectUris: [afterLogout],
    }),
    fapi: await register('fapi', isStaff ? { asksFor: [api] } : {}),
    second: await register('second', isStaff ? { serves: [api] } : {}),
    signing: await register('signing', { signedRequests: true }),
    told: cast.told,
    register,
    verify,
    async signIn(party, asking) {
      const visit = await party.authorize(asking);
      if (visit.code === '')
        throw new Error(`no code: ${visit.error}, ${JSON.stringify(visit.last)}`);
      const answer = await party.redeem(visit);
      const tokens = answer.body as Record<string, unknown>; // RFC 6749 §5
      if (answer.status !== 200) throw new Error(`no tokens: ${JSON.stringify(tokens)}`);
      const [accessToken, idToken] = [String(tokens['access_token']), String(tokens['id_token'])];
      return { visit, tokens, accessToken, idToken, claims: await verify(idToken, party) };
    },
    async letProofsAge(seconds) {
      const interval = sql`make_interval(secs => ${seconds})`;
      await sql`update sessions set phr_at = phr_at - ${interval}, phrh_at = phrh_at - ${interval}
        where realm = ${realm}`.execute(db);
    },
    async letTransientsExpire(model) {
      // The library looks at `exp` of the payload, in seconds.
      await sql`update oidc_transients set payload = jsonb_set(payload::jsonb, '{exp}', '1')
        where model = ${modelOf(realm, model)}`.execute(db);
    },
  };
}

/** A colleague who answers at their console. */
async function askedAtConsole(company: Company, name: string): Promise<AskedPerson> {
  const person = await seatFounder(company, name);
  const { subjectId } = await selfOf(person);
  const own = { by: person, origin: company.origins.staff };
  return {
    hint: subjectId,
    scope: 'openid',
    nameAt: () => subjectId,
    async answer(how) {
      await person.console.signIn();
      const { requestId } = await onlyRequest(person);
      const path = `/api/self/sign-in-requests/${requestId}/refusal`;
      const done =
        how === 'refuse'
          ? await person.console.api('POST', path, {})
          : await proveAllowing(person, await beginAllowing(person, requestId), own);
      if (done.status !== 204) throw new Error(`not answered: ${JSON.stringify(done.body)}`);
    },
  };
}

/** Registers the two that ask people elsewhere. */
export async function registerAsking(
  { register }: Pick<Rig, 'register'>,
  { url: toldAt }: PingListener,
): Promise<Pick<Rig, 'terminal' | 'doorbell'>> {
  const asking = { redirectUris: [], signedRequests: true };
  return {
    terminal: await register('terminal', { ...asking, backchannel: { delivery: 'poll' } }),
    doorbell: await register('doorbell', { ...asking, backchannel: { delivery: 'ping', toldAt } }),
  };
}

/** Seats the colleagues and registers the parties at a company that runs. */
export async function createRig(
  company: Company,
  { pings, told }: Pick<Rig, 'pings' | 'told'>,
): Promise<Rig & { readonly admin: Colleague }> {
  const [person, other] = [
    await personOf(company, 'Ana Ruiz'),
    await personOf(company, 'Clara Weiss'),
  ];
  const admin = await seatFounder(company, company.founders.security);
  const nameOf: Rig['nameOf'] = ({ subjectId }) => subjectId;
  const realm = 'workforce';
  const common = await createCommonRig({ company, realm, person, other, admin, told, nameOf });
  return {
    ...common,
    admin,
    ...(await registerAsking(common, pings)),
    asked: await askedAtConsole(company, 'Tom Lindqvist'),
    pings,
  };
}
