import { bytesToBase64url } from '@proofline/kernel';
import { createRefusalBudget, type RefusalBudget } from '@proofline/ledger';
import { authenticatorRows } from './store/authenticator-rows.ts';
import { channelRows } from './store/channel-rows.ts';
import { ceremonyRows } from './store/ceremony-rows.ts';
import { historyRows } from './store/history-rows.ts';
import { invitationRows } from './store/invitation-rows.ts';
import { recoveredRows } from './store/recovered-rows.ts';
import { staffRows } from './store/staff-rows.ts';
import { wrongCodeRows } from './store/wrong-code-rows.ts';
import type { WorkforceDeps } from './types.ts';

/** How long a passkey prompt may stay open. */
export const CEREMONY_MS = 5 * 60 * 1000;

/** What every command of this module works with. */
export interface Context extends WorkforceDeps {
  readonly budget: RefusalBudget;
  readonly rows: {
    readonly recovered: ReturnType<typeof recoveredRows>;
    readonly staff: ReturnType<typeof staffRows>;
    readonly invitations: ReturnType<typeof invitationRows>;
    readonly authenticators: ReturnType<typeof authenticatorRows>;
    readonly history: ReturnType<typeof historyRows>;
    readonly channels: ReturnType<typeof channelRows>;
    readonly ceremonies: ReturnType<typeof ceremonyRows>;
    readonly wrongCodes: ReturnType<typeof wrongCodeRows>;
  };
}

export function createContext(deps: WorkforceDeps): Context {
  return {
    ...deps,
    budget: createRefusalBudget(deps.clock),
    rows: {
      recovered: recoveredRows(deps.tenant),
      staff: staffRows(deps.tenant),
      invitations: invitationRows(deps.tenant),
      authenticators: authenticatorRows(deps.tenant),
      history: historyRows(deps.tenant),
      channels: channelRows(deps.tenant),
      ceremonies: ceremonyRows(deps.tenant),
      wrongCodes: wrongCodeRows(deps.tenant),
    },
  };
}

/** 32 random bytes as text: a link's or a cookie's secret, or a challenge. */
export function newSecret(context: Context): string {
  return bytesToBase64url(context.random.bytes(32));
}
