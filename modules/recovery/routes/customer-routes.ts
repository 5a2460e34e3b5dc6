import {
  beginCustomerVouching,
  beginRecoveryAct,
  cancelCustomerRecovery,
  handle,
  proveRecoveryAct,
  readCustomerRecovery as readCustomerRecoveryRoute,
  readRecoveryInvitation,
  vouchForCustomer,
  type CustomerCaller,
  type MountedRoute,
} from '@proofline/protocol';
import { beginOwnAct } from '../commands/begin-own-act.ts';
import { beginVouching, type VouchCaller, type VouchingDesk } from '../commands/begin-vouching.ts';
import { cancelOwn } from '../commands/cancel-recovery.ts';
import { findInvitation } from '../commands/find-invitation.ts';
import { readCustomerRecovery } from '../commands/own-customer-recovery.ts';
import { proveOwnAct } from '../commands/prove-own-act.ts';
import { vouch } from '../commands/vouch.ts';

/** What a customer lays by, cancels and vouches for: the customer is always whoever calls. */
export function customerRoutes(desk: VouchingDesk): MountedRoute[] {
  const context = desk.own;
  return [
    handle(readCustomerRecoveryRoute, ({ caller }) =>
      readCustomerRecovery(context, caller.customerId),
    ),
    handle(cancelCustomerRecovery, async ({ caller }) => {
      await cancelOwn(context, asVoucher(caller), undefined);
      return undefined;
    }),
    handle(beginRecoveryAct, ({ body, caller }) => beginOwnAct(context, { caller, act: body.act })),
    handle(proveRecoveryAct, ({ body, caller }) =>
      proveOwnAct(context, { caller, answer: body.answer, code: body.code }),
    ),
    handle(readRecoveryInvitation, async ({ body }) => {
      const { name } = await findInvitation(context, body.secret);
      return { displayName: name };
    }),
    handle(beginCustomerVouching, ({ body, caller, requestId }) =>
      beginVouching(desk, {
        caller: asVoucher(caller),
        matchingCode: body.matchingCode,
        requestId,
      }),
    ),
    handle(vouchForCustomer, async ({ body, caller }) => {
      const voucher = asVoucher(caller);
      await vouch(desk, { caller: voucher, answer: body, decisionEvidenceId: undefined });
      return undefined;
    }),
  ];
}

function asVoucher({ customerId, sessionId }: CustomerCaller): VouchCaller {
  return { subjectId: customerId, sessionId, roles: ['customer'] };
}
