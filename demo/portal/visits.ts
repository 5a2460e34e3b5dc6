import { randomBytes } from 'node:crypto';
import type { Begun, SignedIn } from './relying-party.ts';

const VISITS_MAX = 500;
/** As many tabs as one browser may have at the sign-in at once, and for how long. */
const BEGUN_MAX = 5;
const BEGUN_MAX_MS = 15 * 60_000;

interface Visit {
  /** By their `state`: each tab comes back with its own. */
  readonly begun: Map<string, { readonly begun: Begun; readonly atMs: number }>;
  signedIn?: SignedIn;
}

/** The browsers that came to the portal, each by what its cookie says. */
export function createVisits(now: () => number = Date.now) {
  const visits = new Map<string, Visit>();
  const put = (visit: Visit): string => {
    const id = randomBytes(32).toString('base64url');
    dropOldest(visits, VISITS_MAX - 1);
    visits.set(id, visit);
    return id;
  };
  return {
    signedIn: (id: string): SignedIn | undefined => visits.get(id)?.signedIn,

    /** Keeps what was begun; what other tabs have begun stays. Returns the cookie. */
    begin(id: string, begun: Begun): string {
      const known = visits.get(id);
      const visit = known ?? { begun: new Map() };
      dropOldest(visit.begun, BEGUN_MAX - 1);
      visit.begun.set(begun.state, { begun, atMs: now() });
      return known ? id : put(visit);
    },

    /** What was begun in this very browser with this `state`: once, and not for ever. */
    takeBegun(id: string, state: string): Begun | undefined {
      const kept = visits.get(id)?.begun.get(state);
      visits.get(id)?.begun.delete(state);
      return kept && now() - kept.atMs < BEGUN_MAX_MS ? kept.begun : undefined;
    },

    /** Under another cookie than before: one that was planted signs nobody else in. */
    signIn(id: string, signedIn: SignedIn): string {
      const { begun } = visits.get(id) ?? { begun: new Map() };
      visits.delete(id);
      return put({ begun, signedIn });
    },

    end: (id: string): unknown => visits.delete(id),

    endSession(sid: string): void {
      for (const [id, { signedIn }] of visits) if (signedIn?.sid === sid) visits.delete(id);
    },
  };
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const oldest of map.keys()) {
    if (map.size <= most) return;
    map.delete(oldest);
  }
}
