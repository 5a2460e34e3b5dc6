import type { Id } from '@proofline/kernel';
import type { ServiceProof, ServiceRole } from '@proofline/protocol';
import type { JWK } from 'jose';

/** A public key; or the names in certificates of an authority, where these count. */
export type KeptJwk = JWK & { readonly names?: string };

/** A public key of a service, and when it is good. */
export interface KnownKey {
  /** RFC 7638 thumbprint. */
  readonly kid: string;
  readonly jwk: KeptJwk;
  readonly notBeforeMs: number;
  /** `undefined`: until somebody retires it. */
  readonly retireAfterMs: number | undefined;
}

/** What the token endpoint, the edge and the PDP have to know of a service that may act. */
export interface KnownProgram {
  readonly clientId: string;
  /** What people call it. */
  readonly name: string;
  readonly role: ServiceRole;
  /** `undefined`: fixed by the operator’s settings, which name a role and a key alone. */
  readonly registered:
    | {
        readonly serviceId: Id<'svc'>;
        readonly proves: ServiceProof;
        readonly scopes: ReadonlySet<string>;
        readonly audiences: readonly string[];
        readonly serves: readonly string[];
        readonly ratePerMinute: number;
        readonly keys: readonly KnownKey[];
        readonly ownerActive: boolean;
        /** The entry of its registration. */
        readonly evidenceId: Id<'evt'>;
      }
    | undefined;
}

/** How a program proves its requests; those of the settings by DPoP. */
export function proofOf({ registered }: KnownProgram): ServiceProof {
  return registered?.proves ?? 'dpop';
}

/** Whether a key is good at that moment. */
export function isKeyGood(key: Omit<KnownKey, 'kid' | 'jwk'>, nowMs: number): boolean {
  return key.notBeforeMs <= nowMs && (key.retireAfterMs === undefined || nowMs < key.retireAfterMs);
}

/** The key of that name, if it is good now. */
export function goodKey(known: KnownProgram, kid: unknown, nowMs: number): KnownKey | undefined {
  return known.registered?.keys.find((key) => key.kid === kid && isKeyGood(key, nowMs));
}
