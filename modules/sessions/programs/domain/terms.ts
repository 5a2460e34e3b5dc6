import {
  ProblemError,
  scopesOfRole,
  type Action,
  type RegisteredRole,
  type ServiceProof,
} from '@proofline/protocol';

const refuse = (detail: string) => new ProblemError('service.terms', { detail });

/** @throws ProblemError `service.terms`: a program of that kind has no business with such a scope */
export function checkScopes(role: RegisteredRole, scopes: readonly Action[]): void {
  const usual: readonly Action[] = scopesOfRole[role];
  const strange = scopes.find((scope) => !usual.includes(scope));
  if (strange !== undefined) throw refuse(`A program of this kind has no scope ${strange}.`);
}

/** @throws ProblemError `service.terms`: nothing of ours answers there */
export function checkAudiences(known: readonly string[], audiences: readonly string[]): void {
  const strange = audiences.find((audience) => !known.includes(audience));
  if (strange !== undefined) throw refuse('An audience is neither our API nor one that is set up.');
}

/** @throws ProblemError `service.terms`: only an assistant is called by people, at an API that is set up */
export function checkServes(
  known: readonly string[],
  role: RegisteredRole,
  serves: readonly string[],
): void {
  if (serves.length > 0 && role !== 'assistant')
    throw refuse('A program of this kind acts for nobody.');
  if (serves.some((origin) => !known.includes(origin)))
    throw refuse('It can be called only at an API that is set up.');
}

/** @throws ProblemError `service.terms`: nobody’s certificate is looked at where it would have to be shown */
export function checkProof(
  proves: ServiceProof,
  at: {
    readonly takesCertificates: boolean;
    readonly believesAuthorities: boolean;
    readonly serves: readonly string[];
  },
): void {
  if (proves !== 'certificate' && proves !== 'named-certificate') return;
  if (!at.takesCertificates)
    throw refuse('No address is set up at which programs connect with a certificate.');
  if (proves === 'named-certificate' && !at.believesAuthorities)
    throw refuse(
      'No authority is set up that is believed for names: PROOFLINE_MTLS_AUTHORITIES is not set.',
    );
  // The gateway has no door for certificates.
  if (at.serves.length > 0)
    throw refuse('A program that acts for others proves itself by DPoP, or signs its requests.');
}

/** Scopes with the moment since when each is held: those that were there keep theirs. */
export function scopesSince(
  scopes: readonly string[],
  before: Readonly<Record<string, number>>,
  nowMs: number,
): Record<string, number> {
  return Object.fromEntries(scopes.map((scope) => [scope, before[scope] ?? nowMs]));
}
