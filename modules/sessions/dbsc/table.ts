import { checkAlg } from './checks/alg.ts';
import { checkAudience } from './checks/audience.ts';
import { checkRefreshChallenge, checkRegistrationChallenge } from './checks/challenge.ts';
import { checkBroughtKey, checkKeyUnchanged } from './checks/public-key.ts';
import { checkSession } from './checks/session.ts';
import { checkSignature } from './checks/signature.ts';
import { checkSize } from './checks/size.ts';
import { checkTyp } from './checks/typ.ts';
import { checkWellFormed } from './checks/well-formed.ts';
import type { Check, ProofExchange } from './exchange.ts';

/** Binding a session to a device’s key, and showing later that one still has that key. */
export type Flow = 'register' | 'refresh';

interface Row {
  readonly name: string;
  /** Of the W3C draft “Device Bound Session Credentials”, level 1. */
  readonly section: string;
  readonly register?: Check;
  readonly refresh?: Check;
}

const both = (check: Check) => ({ register: check, refresh: check });

/** A proof is a table: every check in its order, the cheap ones first. That it comes once is seen last. */
// prettier-ignore
export const table: readonly Row[] = [
  { name: 'size',          section: '○',    ...both(checkSize) },
  { name: 'well-formed',   section: '8.3',  ...both(checkWellFormed) },
  { name: 'typ',           section: '8.10', ...both(checkTyp) },
  { name: 'alg',           section: '8.10', ...both(checkAlg) },
  { name: 'key',           section: '8.10', register: checkBroughtKey, refresh: checkKeyUnchanged },
  { name: 'signature',     section: '8.10', ...both(checkSignature) },
  { name: 'audience',      section: '8.10', ...both(checkAudience) },
  { name: 'session',       section: '8.10', refresh: checkSession },
  { name: 'challenge',     section: '8.10', register: checkRegistrationChallenge, refresh: checkRefreshChallenge },
];

/** Runs a flow’s column; answers the name of the first check that does not hold. */
export async function firstBroken(
  flow: Flow,
  exchange: ProofExchange,
): Promise<string | undefined> {
  for (const row of table) {
    const check = row[flow];
    // In order: each stands on what the one before has read.
    if (check && !(await check(exchange))) return row.name;
  }
  return undefined;
}

/** An exchange of which nothing is known yet. */
export function beginExchange(
  known: Pick<ProofExchange, 'given' | 'url' | 'nowMs' | 'keys' | 'bound'>,
): ProofExchange {
  return {
    ...known,
    proof: '',
    header: {},
    payload: {},
    publicJwk: {},
    alg: 'ES256',
    challenge: undefined,
  };
}
