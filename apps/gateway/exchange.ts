import type { AccessTokenClaims, FilteredBody, PdpClient, ReplayStore } from '@proofline/enforce';
import type { Clock, Id, Json, Random } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import type { JWTVerifyGetKey } from 'jose';
import type { UpstreamAnswer, UpstreamClient } from './upstream/create-upstream-client.ts';
import type { RouteMatch } from './upstream/match-route.ts';
import type { GuardedOperation } from './upstream/read-operations.ts';

/** A request whose head is here; its body may still be on its way. */
export interface GatewayRequest {
  readonly method: string;
  /** The origin that the gateway is configured with, and the path and query that were asked for. */
  readonly url: URL;
  /** Names in lower case; repeated lines joined with a comma, as Node does. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /**
   * Waits for the whole body; from then on the request holds a place.
   *
   * @throws ProblemError when it is too large or too slow, or when no place is free
   */
  body(): Promise<Uint8Array>;
}

/** What the checks share for as long as the process runs. */
export interface GatewayContext {
  readonly origin: string;
  readonly staffOrigin: string;
  readonly operations: readonly GuardedOperation[];
  readonly jwks: JWTVerifyGetKey;
  readonly replayStore: ReplayStore;
  readonly pdp: PdpClient;
  readonly upstream: UpstreamClient;
  readonly clock: Clock;
  readonly random: Random;
}

/** Who asks, with which grant, or under break-glass. */
interface Agent {
  readonly claims: AccessTokenClaims;
  readonly sessionId: string;
  /** Absent under break-glass, as the call is. */
  readonly grantId?: string;
  readonly interactionId?: string;
  /** Programs that act for them, whoever acts now first. */
  readonly acting?: readonly string[];
  /** Whether the grant names this very account and action; under break-glass, this very account. */
  readonly covered: boolean;
}

/** One request on its way through the table of checks; each line adds what it found. */
export interface Exchange {
  readonly request: GatewayRequest;
  readonly requestId: Id<'req'>;
  match?: RouteMatch;
  claims?: AccessTokenClaims;
  /** Of a request that is signed: what its signature covers. */
  covered?: readonly string[];
  agent?: Agent;
  bytes?: Uint8Array;
  body?: Json;
  decision?: Decision;
  upstream?: UpstreamAnswer;
  filtered?: FilteredBody;
}

/** One line of the pipeline. Throws a ProblemError to refuse. */
export interface GatewayCheck {
  readonly name: string;
  run(exchange: Exchange, context: GatewayContext): Promise<void>;
}

/** What an earlier line must have found; the table's order is wrong otherwise. */
export function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the gateway’s checks are out of order');
  return value;
}
