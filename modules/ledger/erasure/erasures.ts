import { approveErasure, declineErasure } from './commands/answer-erasure.ts';
import { askErasure } from './commands/ask-erasure.ts';
import { carryOutAll } from './commands/carry-out.ts';
import { createForgetting, eraseExpired } from './commands/follow-erasures.ts';
import { forecastErasure } from './commands/forecast-erasure.ts';
import { liftHold, placeHold } from './commands/place-hold.ts';
import { replayErasures } from './commands/replay-erasures.ts';
import type { ErasureContext } from './context.ts';
import { erasureFacts, type ErasureFacts } from './facts.ts';

/** Deletion that keeps every proof valid, as the composition sees it. */
export interface Erasures {
  /** Looks whether this process must forget what it has in memory. Once a second, in every process. */
  forget(): Promise<void>;
  /** Goes on with what was approved, and after a crash with what was begun. */
  carryOut(): Promise<void>;
  /** Erases what is past its time, where the published policy says so. */
  eraseExpired(): Promise<void>;
  /** For the PDP: `erasureRequest` and `holdChange`. */
  readonly factsProviders: readonly ErasureFacts[];
}

/** What else uses them: routes and tests within the ledger. */
export type ErasureCommands = ReturnType<typeof createErasures>;

/** @see Erasures */
export function createErasures(context: ErasureContext) {
  const forget = createForgetting(context);
  return {
    context,
    forget,
    carryOut: () => carryOutAll(context),
    eraseExpired: () => eraseExpired(context),
    factsProviders: erasureFacts(context),
    replay: () => replayErasures(context),
    ask: (asking: Parameters<typeof askErasure>[1]) => askErasure(context, asking),
    approve: (answering: Parameters<typeof approveErasure>[1]) =>
      approveErasure(context, answering),
    decline: (answering: Parameters<typeof declineErasure>[1]) =>
      declineErasure(context, answering),
    forecast: (plan: Parameters<typeof forecastErasure>[1]) => forecastErasure(context, plan),
    placeHold: (placing: Parameters<typeof placeHold>[1]) => placeHold(context, placing),
    liftHold: (lifting: Parameters<typeof liftHold>[1]) => liftHold(context, lifting),
  };
}
