import type { Clock } from '@proofline/kernel';
import { accountActions, type Action } from '@proofline/protocol';
import type { TokenSource } from './authorized-fetch.ts';
import { OAuthError, type OidcClient } from './oidc.ts';
import { problemOf, Refusal } from './refusal.ts';
import { createStore, type Store } from './store.ts';

/** Renew this long before a grant ends. */
const MARGIN_MS = 20_000;

/** What the panel of a case may have to do on the caller's account. */
export const grantActions: readonly Action[] = accountActions;

interface GrantDeps {
  readonly oidc: OidcClient;
  readonly session: { accessToken(): Promise<string> };
  readonly gatewayOrigin: string;
  readonly clock: Clock;
}

/** What a grant rests on: one case, and the customer's proof in it. */
export interface GrantBasis {
  readonly caseId: string;
  readonly proofId: string;
}

/** A case's grant as a token source, and when it ends. */
export interface CaseGrant extends TokenSource {
  /** Milliseconds since the Unix epoch; absent while there is no grant. */
  readonly endsAtMs: Store<number | undefined>;
  /** Drops the token: the call has ended, or the record is closed. */
  drop(): void;
}

/** Grants by the proof that they rest on, obtained when first needed and kept in memory only. */
export function createGrants(deps: GrantDeps): (basis: GrantBasis) => CaseGrant {
  const byProof = new Map<string, CaseGrant>();
  return ({ caseId, proofId }) => {
    const known = byProof.get(proofId);
    if (known) return known;
    const details = { type: 'proofline_case', case_id: caseId, actions: grantActions };
    const made = createCaseGrant(deps, details);
    byProof.set(proofId, made);
    return made;
  };
}

/** Tokens that read one record under break-glass, by the access that they rest on; in memory only, as grants are. */
export function createEmergencyTokens(deps: GrantDeps): (breakGlassId: string) => CaseGrant {
  const byAccess = new Map<string, CaseGrant>();
  return (breakGlassId) => {
    const details = { type: 'proofline_break_glass', break_glass_id: breakGlassId };
    const token = byAccess.get(breakGlassId) ?? createCaseGrant(deps, details);
    byAccess.set(breakGlassId, token);
    return token;
  };
}

function createCaseGrant(deps: GrantDeps, details: Readonly<Record<string, unknown>>): CaseGrant {
  const endsAtMs = createStore<number | undefined>(undefined);
  let held: string | undefined;
  let asking: Promise<string> | undefined;
  let drops = 0;

  const obtain = async () => {
    const before = drops;
    const accessToken = await deps.session.accessToken();
    const tokens = await deps.oidc
      .exchange({
        accessToken,
        audience: deps.gatewayOrigin,
        details: [details],
      })
      .catch((error: unknown) => {
        // Silence takes nothing away: the grant that is held goes on to its end.
        if (!(error instanceof OAuthError)) throw error;
        drop();
        throw new Refusal(problemOf('grant.ended'));
      });
    // Dropped meanwhile: it serves who asked for it, and is not kept.
    if (drops !== before) return tokens.accessToken;
    held = tokens.accessToken;
    endsAtMs.set(deps.clock.now() + tokens.expiresInSeconds * 1000);
    return tokens.accessToken;
  };
  const renew = () => {
    asking ??= obtain().finally(() => {
      asking = undefined;
    });
    return asking;
  };
  const drop = () => {
    drops += 1;
    held = undefined;
    endsAtMs.set(undefined);
  };

  return {
    endsAtMs,
    drop,
    async current() {
      const ends = endsAtMs.get() ?? 0;
      return held && ends - deps.clock.now() > MARGIN_MS ? held : renew();
    },
    // A step-up may have begun a new session, whose grants the old one's are not.
    fresh: renew,
  };
}
