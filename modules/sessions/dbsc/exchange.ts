import type { JWK, JWTPayload, ProtectedHeaderParameters } from 'jose';
import type { Id } from '@proofline/kernel';
import type { Challenge } from './challenge.ts';
import type { Algorithm } from './names.ts';

/** The key that a session is bound to. */
export interface DeviceKey {
  readonly sessionId: Id<'ses'>;
  readonly alg: Algorithm;
  readonly publicJwk: JWK;
}

/** The request that a proof came with, and what the checks learn about the proof on their way. */
export interface ProofExchange {
  /** The value of `Secure-Session-Response`, as it came. */
  readonly given: string;
  /** The address that was asked, as the configuration names it. */
  readonly url: string;
  readonly nowMs: number;
  /** Under which challenges are signed. */
  readonly keys: readonly string[];
  /** What a refresh is held to. */
  readonly bound: DeviceKey | undefined;
  proof: string;
  header: ProtectedHeaderParameters;
  payload: JWTPayload;
  publicJwk: JWK;
  alg: Algorithm;
  challenge: Challenge | undefined;
}

/** One line of the table. */
export type Check = (exchange: ProofExchange) => boolean | Promise<boolean>;
