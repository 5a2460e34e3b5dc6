import type { Acr } from '@proofline/protocol';
import type { RequestedContext } from '../messages/authn-request.ts';

/** The URIs under which the two levels are registered (OpenID EAP ACR Values 1.0; IANA LoA profiles). */
export const contextClassOf: Readonly<Record<Acr, string>> = {
  phr: 'http://schemas.openid.net/pape/policies/2007/06/phishing-resistant',
  phrh: 'http://schemas.openid.net/acr/2016/07/phishing-resistant-hardware',
};

const core = (name: string) => `urn:oasis:names:tc:SAML:2.0:ac:classes:${name}`;

/** From weak to strong; a class at a rank is true of a proof at its level and above. */
const ranks = ['below', 'phr', 'phrh'] as const;
type Rank = (typeof ranks)[number];

interface KnownClass {
  readonly rank: Rank;
  /** Whether it may be said of one of our proofs, because it is true of it. */
  readonly isTrue: boolean;
}

/**
 * Which classes are understood. A passkey with user verification is two factors, so REFEDS MFA is true
 * of every session. A password is never asked for here: `exact` such a class cannot be answered, but
 * `minimum` says that anything stronger will do.
 */
const known: Readonly<Record<string, KnownClass>> = {
  phr: { rank: 'phr', isTrue: true },
  phrh: { rank: 'phrh', isTrue: true },
  [contextClassOf.phr]: { rank: 'phr', isTrue: true },
  [contextClassOf.phrh]: { rank: 'phrh', isTrue: true },
  'https://refeds.org/profile/mfa': { rank: 'phr', isTrue: true },
  [core('unspecified')]: { rank: 'below', isTrue: true },
  [core('Password')]: { rank: 'below', isTrue: false },
  [core('PasswordProtectedTransport')]: { rank: 'below', isTrue: false },
  [core('TimeSyncToken')]: { rank: 'below', isTrue: false },
  [core('MobileTwoFactorContract')]: { rank: 'below', isTrue: false },
};

const rankOf = (rank: Rank): number => ranks.indexOf(rank);

/** What a sign-in must reach, and what is then said of it. */
export interface ContextDemand {
  /** The weakest level that will do; `undefined`: any. */
  readonly acr: Acr | undefined;
  /** For `exact` and `maximum`: one of these is said, and no other. */
  readonly stateOneOf: readonly string[];
}

const acrOf = (rank: Rank): Acr | undefined => (rank === 'below' ? undefined : rank);
const lookUp = (name: string): KnownClass | undefined =>
  Object.hasOwn(known, name) ? known[name] : undefined;

/** Exact: one of the named classes itself (saml-core-2.0-os §3.3.2.2.1), as far as we can say it. */
function exactly(classes: readonly string[]): ContextDemand | undefined {
  const stateOneOf = classes.filter((name) => lookUp(name)?.isTrue);
  const demanded = stateOneOf.map((name) => rankOf(lookUp(name)?.rank ?? 'phrh'));
  if (demanded.length === 0) return undefined;
  return { acr: acrOf(ranks[Math.min(...demanded)] ?? 'phrh'), stateOneOf };
}

/** `undefined`: nothing that we could truthfully say would answer (`NoAuthnContext`). */
export function demandOf(requested: RequestedContext | undefined): ContextDemand | undefined {
  if (!requested) return { acr: undefined, stateOneOf: [] };
  const { comparison, classes, hasDeclarations } = requested;
  if (comparison === undefined || hasDeclarations || classes.length === 0) return undefined;
  if (comparison === 'exact') return exactly(classes);
  const understood = classes.flatMap((name) => lookUp(name)?.rank ?? []);
  // Of a class that nobody here knows, nothing can be said to be stronger or weaker.
  if (understood.length < classes.length) return undefined;
  const all = understood.map(rankOf);
  if (comparison === 'minimum') {
    return { acr: acrOf(ranks[Math.min(...all)] ?? 'phrh'), stateOneOf: [] };
  }
  if (comparison === 'better') {
    const above = ranks[Math.max(...all) + 1];
    return above && { acr: acrOf(above), stateOneOf: [] };
  }
  // `maximum`: no more than that is said; a proof by hardware may be called by its weaker name, too.
  const most = ranks[Math.max(...all)] ?? 'below';
  const stateOneOf = [contextClassOf.phrh, contextClassOf.phr].filter(
    (name) => rankOf(lookUp(name)?.rank ?? 'phrh') <= rankOf(most),
  );
  return stateOneOf.length === 0 ? undefined : { acr: undefined, stateOneOf };
}

/** The class that is true of a sign-in at this level; `undefined`: none of those that may be said. */
export function statedClass(stateOneOf: readonly string[], acr: Acr): string | undefined {
  if (stateOneOf.length === 0) return contextClassOf[acr];
  return stateOneOf.find((name) => rankOf(lookUp(name)?.rank ?? 'phrh') <= rankOf(acr));
}

/** The operator's own requirement comes on top of what the service provider asked for. */
export function strongerLevel(one: Acr | undefined, other: Acr | undefined): Acr | undefined {
  return one === 'phrh' || other === 'phrh' ? 'phrh' : (one ?? other);
}
