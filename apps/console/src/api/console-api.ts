import { systemClock, systemRandom } from '@proofline/kernel';
import {
  endOwnSession,
  ownEvents,
  readConsoleConfig,
  unattendedHeader,
  type ConsoleConfig,
  type Route,
} from '@proofline/protocol';
import { createAttempts, type Attempts } from './attempts.ts';
import { createAttendance, isUnattended, type Attendance } from './attendance.ts';
import {
  createAuthorizedFetch,
  type AuthorizedFetchDeps,
  type AuthorizedRequest,
} from './authorized-fetch.ts';
import { openBrowserKeys } from './browser-keys.ts';
import { replyOf, requestOf, type RouteInput, type RouteReply } from './call-route.ts';
import { createDpopSigner } from './dpop.ts';
import { createGateway, type Gateway } from './gateway.ts';
import { createEmergencyTokens, createGrants, type CaseGrant, type GrantBasis } from './grants.ts';
import { createOidcClient, type OidcClient } from './oidc.ts';
import { inTime } from './in-time.ts';
import { lockOfSession } from './lock-of-session.ts';
import { openCall } from './open-call.ts';
import { authorizeInHiddenFrame } from './silent-frame.ts';
import { proveHere } from './prove-here.ts';
import type { ScreenLock } from './screen-lock.ts';
import { createStaffSession, type StaffSession } from './staff-session.ts';

/** Everything that a screen may ask of the outside. */
export interface ConsoleApi {
  readonly config: ConsoleConfig;
  readonly session: StaffSession;
  readonly lock: ScreenLock;
  readonly attendance: Attendance;
  /** Asks for the passkey of whoever is signed in here. @throws NotConfirmed, Refusal, NoAnswer */
  unlock(): Promise<void>;
  readonly oidc: OidcClient;
  readonly gateway: Gateway;
  readonly attempts: Attempts;
  grantOf(basis: GrantBasis): CaseGrant;
  /** What reads the record of an emergency access that is open. */
  emergencyOf(breakGlassId: string): CaseGrant;
  /** Calls a route of the contract as the signed-in person. @throws Refusal, NotConfirmed, NoAnswer */
  call<R extends Route>(route: R, input: RouteInput<R>): Promise<RouteReply<R>>;
  /** The same for a route that answers a file. */
  download<R extends Route>(route: R, input: RouteInput<R>): Promise<Download>;
  /** Ends the session; answers where the browser signs out at other tools, if it was at any. */
  signOut(): Promise<string | undefined>;
  openEvents(signal: AbortSignal): Promise<Response>;
}

export interface Download {
  readonly name: string;
  readonly blob: Blob;
}

/** Connects the console to the server it came from. */
export async function connectConsole(): Promise<ConsoleApi> {
  const { origin } = window.location;
  const fetch = inTime((url, init) => window.fetch(url, init));
  const config = await openCall(readConsoleConfig, {});
  const keys = await openBrowserKeys();
  const ports = { clock: systemClock, random: systemRandom };
  const dpop = await createDpopSigner(keys.dpop, ports);
  const oidc = createOidcClient({
    origin,
    apiAudience: config.apiAudience,
    keys,
    dpop,
    random: systemRandom,
    fetch,
  });
  const session = createStaffSession({
    oidc,
    authorizeSilently: authorizeInHiddenFrame,
    clock: systemClock,
    isLocked: () => lock.isLocked.get(),
    beginAnew: () => window.location.replace('/'),
  });
  const sending: AuthorizedFetchDeps = {
    fetch,
    dpop,
    isOnline: () => window.navigator.onLine,
    stepUp: (challenge) => session.stepUp(challenge),
    sessionEnded: () => session.forget('ended'),
  };
  const tokens = {
    current: () => session.accessToken(),
    fresh: (refused: string) => session.freshAccessToken(refused),
  };
  const { gatewayOrigin } = config;
  const grantPorts = { oidc, session, gatewayOrigin, clock: systemClock };
  const lock = lockOfSession({ origin, sending, tokens, session });
  const send = createAuthorizedFetch({ ...sending, lock });
  const attendance = createAttendance(systemClock);
  /** Sends a request of the contract, and says so when nobody is here who would have asked for it. */
  const sendHome = (request: AuthorizedRequest) =>
    send(
      isUnattended(attendance)
        ? { ...request, headers: { ...request.headers, [unattendedHeader]: '?1' } }
        : request,
      tokens,
    );
  return {
    config,
    lock,
    attendance,
    async unlock() {
      const proved = await proveHere(oidc, { acr: 'phr', maxAgeSeconds: 0 });
      if (!proved) return session.forget('ended');
      session.adopt(proved);
      lock.told(false);
    },
    session,
    oidc,
    attempts: createAttempts(systemRandom),
    gateway: createGateway({ origin: config.gatewayOrigin, fetch: send }),
    grantOf: createGrants(grantPorts),
    emergencyOf: createEmergencyTokens(grantPorts),
    call: async (route, input) => replyOf(route, await sendHome(requestOf(origin, route, input))),
    download: async (route, input) => downloadOf(await sendHome(requestOf(origin, route, input))),
    async signOut() {
      const response = await sendHome(requestOf(origin, endOwnSession, {}));
      const elsewhere = response.headers.get('location');
      return elsewhere?.startsWith(`${origin}/saml/`) ? elsewhere : undefined;
    },
    openEvents: (signal) =>
      sendHome({
        ...requestOf(origin, ownEvents, { signal }),
        headers: { accept: 'text/event-stream' },
      }),
  };
}

async function downloadOf(response: Response): Promise<Download> {
  const disposition = response.headers.get('content-disposition') ?? '';
  const name = /filename="([A-Za-z0-9._-]{1,120})"/.exec(disposition)?.[1] ?? 'evidence.json';
  return { name, blob: await response.blob() };
}
