import { callCodeRows } from './store/call-code-rows.ts';
import { caseRows } from './store/case-rows.ts';
import { interactionRows } from './store/interaction-rows.ts';
import { proofRequestRows } from './store/proof-request-rows.ts';
import { proofRows } from './store/proof-rows.ts';
import type { InteractionsDeps } from './types.ts';

/** What every command of this module works with. */
export interface Context extends InteractionsDeps {
  readonly rows: {
    readonly interactions: ReturnType<typeof interactionRows>;
    readonly cases: ReturnType<typeof caseRows>;
    readonly requests: ReturnType<typeof proofRequestRows>;
    readonly codes: ReturnType<typeof callCodeRows>;
    readonly proofs: ReturnType<typeof proofRows>;
  };
}

export function createContext(deps: InteractionsDeps): Context {
  const { tenant } = deps;
  return {
    ...deps,
    rows: {
      interactions: interactionRows(tenant),
      cases: caseRows(tenant),
      requests: proofRequestRows(tenant),
      codes: callCodeRows(tenant),
      proofs: proofRows(tenant),
    },
  };
}

/** This moment, as the tables hold it. */
export function nowOf(context: Context): Date {
  return new Date(context.clock.now());
}
