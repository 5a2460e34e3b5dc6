import { bytesToBase64url } from '@proofline/kernel';
import { createRefusalBudget, type RefusalBudget } from '@proofline/ledger';
import { authenticatorRows } from './store/authenticator-rows.ts';
import { ceremonyRows } from './store/ceremony-rows.ts';
import { customerRows } from './store/customer-rows.ts';
import { enrolmentRows } from './store/enrolment-rows.ts';
import { formerContactRows } from './store/former-contact-rows.ts';
import { historyRows } from './store/history-rows.ts';
import { messageRows } from './store/message-rows.ts';
import type { CustomersDeps } from './types.ts';

/** What every command of this module works with. */
export interface Context extends CustomersDeps {
  readonly budget: RefusalBudget;
  readonly rows: {
    readonly customers: ReturnType<typeof customerRows>;
    readonly formerContacts: ReturnType<typeof formerContactRows>;
    readonly enrolments: ReturnType<typeof enrolmentRows>;
    readonly authenticators: ReturnType<typeof authenticatorRows>;
    readonly ceremonies: ReturnType<typeof ceremonyRows>;
    readonly history: ReturnType<typeof historyRows>;
    readonly messages: ReturnType<typeof messageRows>;
  };
}

export function createContext(deps: CustomersDeps): Context {
  return {
    ...deps,
    budget: createRefusalBudget(deps.clock),
    rows: {
      customers: customerRows(deps.tenant),
      formerContacts: formerContactRows(deps.tenant),
      enrolments: enrolmentRows(deps.tenant),
      authenticators: authenticatorRows(deps.tenant),
      ceremonies: ceremonyRows(deps.tenant),
      history: historyRows(deps.tenant),
      messages: messageRows(deps.tenant),
    },
  };
}

/** 32 random bytes as text: a link's or a cookie's secret, or a challenge. */
export function newSecret(context: Context): string {
  return bytesToBase64url(context.random.bytes(32));
}
