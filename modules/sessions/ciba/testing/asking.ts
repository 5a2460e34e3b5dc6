import { newId, type Id } from '@proofline/kernel';
import type { Acr, ApplicationPolicy, OidcSettings, SignInRequest } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { SignJWT } from 'jose';
import * as oidc from 'openid-client';
import { ApplicationClient } from '../../testing/application-client.ts';
import { ConsoleClient } from '../../testing/console-client.ts';
import { customersIssuerUrl, issuerUrl, type World } from '../../testing/world.ts';

/** An application that has no address to be called back at, and asks for its answers. */
export const poll: Partial<OidcSettings> = { redirectUris: [], backchannel: { delivery: 'poll' } };

/** A colleague at a console of their own. */
export interface Seat {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  /** The passkey that they answer with. Absent: one that is used for nothing else. */
  readonly authenticatorId?: Id<'ath'>;
}

type Parameters = Readonly<Record<string, string>>;

/** What applications and colleagues do in these tests. */
export function createAsking(world: World, storage: Storage) {
  const requests = () => world.sessions.signInRequests;
  const list = async (who: Id<'stf'>): Promise<readonly SignInRequest[]> =>
    (await requests().list(who)).requests;
  const only = async (who: Id<'stf'>): Promise<SignInRequest> => {
    const [request, ...others] = await list(who);
    if (!request || others.length > 0) throw new Error('not exactly one request waits');
    return request;
  };
  const ask = (tool: ApplicationClient, who: string, parameters: Parameters = {}) =>
    oidc.initiateBackchannelAuthentication(tool.config, {
      scope: 'openid profile',
      login_hint: who,
      binding_message: 'Till 4, code 7391',
      ...parameters,
    });
  /** What the passkey does, once it was verified above this room. */
  const allow = async (
    { authenticatorId = newId('ath', world.ports), sessionId, subjectId }: Seat,
    requestId: Id<'sir'>,
    acr: Acr = 'phr',
  ) => {
    const commit = await requests().prepareAllowing({ requestId, subjectId });
    const login = { acr, amr: ['pop', 'user'], authenticatorId };
    const by = { sessionId, login, proof: { signature: 'x' } };
    const authenticatorEvidenceId = newId('evt', world.ports);
    return commit && storage.transaction((tx) => commit(tx, { ...by, authenticatorEvidenceId }));
  };
  return {
    requests,
    list,
    only,
    ask,
    allow,
    register: (
      settings: Partial<OidcSettings> = poll,
      policy: ApplicationPolicy = { acr: 'phr' },
    ) => ApplicationClient.create(world, { settings, policy }),
    async seat(): Promise<Seat> {
      const subjectId = newId('stf', world.ports);
      await (await ConsoleClient.create(world)).signIn(subjectId);
      const [session] = await world.sessions.registry.liveSessionsOf(subjectId);
      if (!session) throw new Error('nobody is signed in');
      return { subjectId, sessionId: session.sessionId };
    },
    async askAndAllow(tool: ApplicationClient, who: Seat) {
      const asked = await ask(tool, who.subjectId);
      const { requestId } = await only(who.subjectId);
      if ((await allow(who, requestId)) === undefined) throw new Error('it was not allowed');
      return asked;
    },
    /** Takes away the passkey that they answer with. */
    async removePasskey({ authenticatorId, subjectId }: Seat) {
      if (authenticatorId === undefined)
        throw new Error('they answer with no passkey of their own');
      const { endSessionsOn } = world.sessions.registry;
      const removed = { authenticatorId, subjectId };
      const closeStreams = await storage.transaction((tx) => endSessionsOn(tx, removed));
      closeStreams();
    },
    /** What the evidence says of an application. */
    said: (kind: string, tool: ApplicationClient) =>
      world.evidence.filter(
        (one) => one.kind === kind && one.refs?.['applicationId'] === tool.clientId,
      ),
  };
}

/** @see createAsking */
export type Asking = ReturnType<typeof createAsking>;

/** One question for the answer, at once. */
export function fetchAnswer(tool: ApplicationClient, authReqId: string) {
  return oidc.genericGrantRequest(
    tool.config,
    'urn:openid:params:grant-type:ciba',
    { auth_req_id: authReqId },
    { DPoP: oidc.getDPoPHandle(tool.config, tool.keys) },
  );
}

/** A `login_hint_token` as that application signs it, or as another does. */
export const hint = (tool: ApplicationClient, claims: object, key = tool.key) =>
  new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(tool.clientId)
    .setAudience(tool.application.realm === 'customers' ? customersIssuerUrl : issuerUrl)
    .setIssuedAt()
    .setExpirationTime('1m')
    .sign(key);

/** The protocol’s own name of what went wrong. */
export async function errorOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no error';
  } catch (error) {
    if (error instanceof oidc.WWWAuthenticateChallengeError)
      return error.cause[0]?.parameters.error ?? 'challenged';
    return error instanceof oidc.ResponseBodyError ? error.error : String(error);
  }
}
