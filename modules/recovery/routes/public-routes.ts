import {
  cancelCustomerRecoveryByLink,
  cancelRecoveryByLink,
  customerRecoveryOptions,
  customerRecoveryPasskey,
  customerRecoveryState,
  giveCustomerRecoveryCode,
  giveRecoveryCode,
  handle,
  recoveryOptions,
  recoveryPasskey,
  recoveryState,
  startCustomerRecovery,
  startRecovery as startRecoveryRoute,
  type HttpExchange,
  type MountedRoute,
  type Realm,
  type RecoveryProgress,
} from '@proofline/protocol';
import { beginNewPasskey } from '../commands/begin-new-passkey.ts';
import { cancelByLink } from '../commands/cancel-recovery.ts';
import { completeRecovery } from '../commands/complete-recovery.ts';
import { readProgress } from '../commands/find-in-browser.ts';
import { giveCode } from '../commands/give-code.ts';
import { startRecovery } from '../commands/start-recovery.ts';
import type { Context } from '../context.ts';

/** Binds a recovery to the browser that began. The prefix keeps it to this host and a secure channel. */
export const RECOVERY_COOKIE = '__Host-recovery';

// As long as proofs, wait and return can take together.
const COOKIE_SECONDS = 9 * 24 * 60 * 60;

const secretOf = (http: HttpExchange) => http.cookie(RECOVERY_COOKIE);

/**
 * What whoever has lost every passkey may call, in both realms: the same handlers on the rows of each.
 * `settleSoon` looks up, after the answer, who was asked for.
 */
export function publicRoutes(
  { customers, workforce }: Readonly<Record<Realm, Context>>,
  settleSoon: () => void,
): MountedRoute[] {
  const start = async (context: Context, http: HttpExchange, number: string) => {
    const { browserSecret, progress } = await startRecovery(context, number);
    http.setCookie(RECOVERY_COOKIE, browserSecret, { maxAgeSeconds: COOKIE_SECONDS });
    settleSoon();
    return progress;
  };
  return [
    handle(startRecoveryRoute, ({ body, http }) => start(workforce, http, body.employeeNumber)),
    handle(startCustomerRecovery, ({ body, http }) => start(customers, http, body.accountNumber)),
    handle(recoveryState, ({ http }) => readProgress(workforce, secretOf(http))),
    handle(customerRecoveryState, ({ http }) => readProgress(customers, secretOf(http))),
    handle(giveRecoveryCode, (call) => give(workforce, call)),
    handle(giveCustomerRecoveryCode, (call) => give(customers, call)),
    handle(recoveryOptions, ({ http }) => beginNewPasskey(workforce, secretOf(http))),
    handle(customerRecoveryOptions, ({ http }) => beginNewPasskey(customers, secretOf(http))),
    handle(recoveryPasskey, ({ body, http }) =>
      completeRecovery(workforce, { browserSecret: secretOf(http), answer: body }),
    ),
    handle(customerRecoveryPasskey, ({ body, http }) =>
      completeRecovery(customers, { browserSecret: secretOf(http), answer: body }),
    ),
    handle(cancelRecoveryByLink, ({ body }) => cancelled(workforce, body.secret)),
    handle(cancelCustomerRecoveryByLink, ({ body }) => cancelled(customers, body.secret)),
  ];
}

function give(
  context: Context,
  call: {
    readonly body: { readonly code: string };
    readonly http: HttpExchange;
    readonly requestId: Parameters<typeof giveCode>[1]['requestId'];
  },
): Promise<RecoveryProgress> {
  const { body, http, requestId } = call;
  return giveCode(context, { browserSecret: secretOf(http), code: body.code, requestId });
}

async function cancelled(context: Context, secret: string): Promise<undefined> {
  await cancelByLink(context, secret);
  return undefined;
}
