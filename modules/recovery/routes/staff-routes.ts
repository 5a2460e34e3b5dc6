import {
  beginVouching as beginVouchingRoute,
  cancelOwnRecovery,
  chooseContacts as chooseContactsRoute,
  handle,
  ownRecovery,
  sealRecoveryCode as sealRecoveryCodeRoute,
  vouchForColleague,
  type MountedRoute,
} from '@proofline/protocol';
import { beginVouching, type VouchingDesk } from '../commands/begin-vouching.ts';
import { cancelOwn } from '../commands/cancel-recovery.ts';
import { readOwnRecovery } from '../commands/own-recovery.ts';
import { chooseContacts, sealRecoveryCode } from '../commands/prepare.ts';
import { vouch } from '../commands/vouch.ts';

/** What a colleague lays by, cancels and vouches for: colleagues, and as an officer customers too. */
export function staffRoutes(desk: VouchingDesk): MountedRoute[] {
  const context = desk.own;
  return [
    handle(ownRecovery, ({ caller }) => readOwnRecovery(context, caller.subjectId)),
    handle(cancelOwnRecovery, async ({ caller }) => {
      await cancelOwn(context, caller, undefined);
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
    handle(beginVouchingRoute, ({ body, caller, requestId }) =>
      beginVouching(desk, { caller, matchingCode: body.matchingCode, requestId }),
    ),
    handle(vouchForColleague, async ({ body, caller, decision }) => {
      const { evidenceId: decisionEvidenceId } = decision;
      await vouch(desk, { caller, answer: body, decisionEvidenceId });
      return undefined;
    }),
  ];
}
