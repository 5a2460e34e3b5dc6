import type { Enumerator, FactsProvider } from '@proofline/decisions';
import type { MountedRoute } from '@proofline/protocol';
import type { GrantBasis } from '@proofline/sessions';
import type { Db } from '@proofline/storage';
import { importCases } from './commands/cases.ts';
import { endProofsOn, type RemovedPasskey } from './commands/end-proofs-on.ts';
import { sweepExpired } from './commands/sweep-expired.ts';
import { createContext } from './context.ts';
import { enumerators } from './facts/enumerators.ts';
import { factsProviders } from './facts/facts-providers.ts';
import { grantBasis } from './facts/grant-basis.ts';
import { customerRoutes } from './routes/customer-routes.ts';
import { staffRoutes } from './routes/staff-routes.ts';
import { telephonyRoutes } from './routes/telephony-routes.ts';
import type { CaseImport, InteractionsDeps } from './types.ts';

/** The module: calls, cases, and the customers' proofs that are bound to them. */
export interface Interactions {
  /** For seeding: cases of earlier days. */
  importCases(list: readonly CaseImport[]): Promise<void>;
  /** Ends what nobody answered in time. The composition calls it each second. */
  sweepExpired(): Promise<number>;
  /** How many calls that ring or are live each agent has who has one. */
  countOpen(): Promise<ReadonlyMap<string, number>>;
  /** `interaction`, `caseFile` and `proof`, for the PDP. */
  readonly factsProviders: readonly FactsProvider[];
  /** `Interaction` and `Account`, for searches at the PDP. */
  readonly enumerators: readonly Enumerator[];
  /** Ends what rests on a passkey that its customer removed. Call what it answers after the commit. */
  endProofsOn(tx: Db, removed: RemovedPasskey): Promise<() => void>;
  /** The proof behind a grant, for token exchange. */
  readonly grantBasis: GrantBasis;
  readonly routes: readonly MountedRoute[];
}

/** Makes the module. Nothing runs by itself. */
export function createInteractions(deps: InteractionsDeps): Interactions {
  const context = createContext(deps);
  return {
    importCases: (list) => importCases(context, list),
    sweepExpired: () => sweepExpired(context),
    countOpen: () => context.rows.interactions.countOpen(context.storage.db),
    factsProviders: factsProviders(context),
    enumerators: enumerators(context),
    endProofsOn: (tx, removed) => endProofsOn(context, tx, removed),
    grantBasis: grantBasis(context),
    routes: [...telephonyRoutes(context), ...staffRoutes(context), ...customerRoutes(context)],
  };
}
