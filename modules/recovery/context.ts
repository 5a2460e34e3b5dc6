import { bytesToBase64url } from '@proofline/kernel';
import { createRefusalBudget, type RefusalBudget } from '@proofline/ledger';
import { waitRule } from './domain/wait-rule.ts';
import { askedRows } from './store/asked-rows.ts';
import { ceremonyRows } from './store/ceremony-rows.ts';
import { passingRows } from './store/passing-rows.ts';
import { preparationRows } from './store/preparation-rows.ts';
import { recoveryRows } from './store/recovery-rows.ts';
import type { RecoveryDeps } from './types.ts';

/** How long a passkey prompt may stay open. */
export const CEREMONY_MS = 5 * 60 * 1000;

/** What every command of this module works with. */
export interface Context extends RecoveryDeps {
  readonly waitMs: number;
  readonly budget: RefusalBudget;
  readonly rows: {
    readonly preparations: ReturnType<typeof preparationRows>;
    readonly recoveries: ReturnType<typeof recoveryRows>;
    readonly asked: ReturnType<typeof askedRows>;
    readonly ceremonies: ReturnType<typeof ceremonyRows>;
    readonly passing: ReturnType<typeof passingRows>;
  };
}

export function createContext(deps: RecoveryDeps): Context {
  return {
    ...deps,
    waitMs: waitRule(deps.wait).waitSeconds * 1000,
    budget: createRefusalBudget(deps.clock),
    rows: {
      preparations: preparationRows(deps.tenant),
      recoveries: recoveryRows(deps.tenant),
      asked: askedRows(deps.tenant),
      ceremonies: ceremonyRows(deps.tenant),
      passing: passingRows(deps.tenant),
    },
  };
}

/** 32 random bytes as text: a link's or a cookie's secret, or a challenge. */
export function newSecret(context: Pick<Context, 'random'>): string {
  return bytesToBase64url(context.random.bytes(32));
}

/** The moment for the machine. */
export function momentOf({ clock, waitMs }: Pick<Context, 'clock' | 'waitMs'>) {
  return { nowMs: clock.now(), waitMs };
}
