import {
  beginVouching as beginVouchingRoute,
  cancelOwnRecovery,
  cancelRecoveryByLink,
  chooseContacts as chooseContactsRoute,
  giveRecoveryCode,
  handle,
  ownRecovery,
  recoveryOptions,
  recoveryPasskey,
  recoveryState,
  sealRecoveryCode as sealRecoveryCodeRoute,
  startRecovery as startRecoveryRoute,
  vouchForColleague,
  type HttpExchange,
  type MountedRoute,
} from '@proofline/protocol';
import { beginNewPasskey } from '../commands/begin-new-passkey.ts';
import { beginVouching } from '../commands/begin-vouching.ts';
import { cancelByLink, cancelOwn } from '../commands/cancel-recovery.ts';
import { completeRecovery } from '../commands/complete-recovery.ts';
import { readProgress } from '../commands/find-in-browser.ts';
import { giveCode } from '../commands/give-code.ts';
import { readOwnRecovery } from '../commands/own-recovery.ts';
import { chooseContacts, sealRecoveryCode } from '../commands/prepare.ts';
import { startRecovery } from '../commands/start-recovery.ts';
import { vouch } from '../commands/vouch.ts';
import type { Context } from '../context.ts';

/** Binds a recovery to the browser that began. The prefix keeps it to this host and a secure channel. */
export const RECOVERY_COOKIE = '__Host-recovery';

// As long as proofs, wait and return can take together.
const COOKIE_SECONDS = 9 * 24 * 60 * 60;

const secretOf = (http: HttpExchange) => http.cookie(RECOVERY_COOKIE);

/** The handlers of `routes/recovery.ts`. `settleSoon` looks up, after the answer, who was asked for. */
export function recoveryRoutes(context: Context, settleSoon: () => void): MountedRoute[] {
  return [
    handle(startRecoveryRoute, async ({ body, http }) => {
      const { browserSecret, progress } = await startRecovery(context, body.employeeNumber);
      http.setCookie(RECOVERY_COOKIE, browserSecret, { maxAgeSeconds: COOKIE_SECONDS });
      settleSoon();
      return progress;
    }),
    handle(recoveryState, ({ http }) => readProgress(context, secretOf(http))),
    handle(giveRecoveryCode, ({ body, http, requestId }) =>
      giveCode(context, { browserSecret: secretOf(http), code: body.code, requestId }),
    ),
    handle(recoveryOptions, ({ http }) => beginNewPasskey(context, secretOf(http))),
    handle(recoveryPasskey, ({ body, http }) =>
      completeRecovery(context, { browserSecret: secretOf(http), answer: body }),
    ),
    handle(cancelRecoveryByLink, async ({ body }) => {
      await cancelByLink(context, body.secret);
      return undefined;
    }),
    ...ownRoutes(context),
    ...vouchingRoutes(context),
  ];
}

function ownRoutes(context: Context): MountedRoute[] {
  return [
    handle(ownRecovery, ({ caller }) => readOwnRecovery(context, caller.subjectId)),
    handle(cancelOwnRecovery, async ({ caller }) => {
      await cancelOwn(context, caller);
      return undefined;
    }),
    handle(chooseContactsRoute, async ({ body, caller, decision }) => {
      const { evidenceId: decisionEvidenceId } = decision;
      await chooseContacts(context, { caller, decisionEvidenceId, chosen: body });
      return readOwnRecovery(context, caller.subjectId);
    }),
    handle(sealRecoveryCodeRoute, async ({ body, caller, decision }) => {
      const { evidenceId: decisionEvidenceId } = decision;
      await sealRecoveryCode(context, { caller, decisionEvidenceId, code: body.code });
      return readOwnRecovery(context, caller.subjectId);
    }),
  ];
}

function vouchingRoutes(context: Context): MountedRoute[] {
  return [
    handle(beginVouchingRoute, ({ body, caller, requestId }) =>
      beginVouching(context, { caller, matchingCode: body.matchingCode, requestId }),
    ),
    handle(vouchForColleague, async ({ body, caller, decision }) => {
      const { evidenceId: decisionEvidenceId } = decision;
      await vouch(context, { caller, answer: body, decisionEvidenceId });
      return undefined;
    }),
  ];
}
