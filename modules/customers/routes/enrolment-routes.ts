import {
  enrolmentOptions as enrolmentOptionsRoute,
  enrolmentPasskey,
  handle,
  inviteCustomer as inviteCustomerRoute,
  openEnrolment as openEnrolmentRoute,
  type MountedRoute,
} from '@proofline/protocol';
import { enrolmentOptions } from '../commands/enrolment-options.ts';
import { inviteCustomer } from '../commands/invite-customer.ts';
import { openEnrolment } from '../commands/open-enrolment.ts';
import { registerPasskey } from '../commands/register-passkey.ts';
import type { Context } from '../context.ts';
import type { Messages } from '../types.ts';

/** Holds the secret of the device that opened an enrolment link first. */
const ENROLMENT_COOKIE = '__Host-enrolment';

/** The routes of a customer's enrolment. */
export function enrolmentRoutes(context: Context, messages: Messages): MountedRoute[] {
  return [
    handle(inviteCustomerRoute, async ({ body, caller }) => {
      const { accountNumber } = body;
      await inviteCustomer(context, messages, { accountNumber, invitedBy: caller.subjectId });
      return undefined;
    }),
    handle(openEnrolmentRoute, async ({ body, http }) => {
      const opened = await openEnrolment(context, {
        secret: body.secret,
        deviceSecret: http.cookie(ENROLMENT_COOKIE),
      });
      if (opened.deviceSecret) {
        const { maxAgeSeconds } = opened;
        http.setCookie(ENROLMENT_COOKIE, opened.deviceSecret, { maxAgeSeconds });
      }
      return { company: context.companyName, greetingName: opened.greetingName };
    }),
    handle(enrolmentOptionsRoute, ({ http }) =>
      enrolmentOptions(context, http.cookie(ENROLMENT_COOKIE)),
    ),
    handle(enrolmentPasskey, async ({ body, http }) => {
      const deviceSecret = http.cookie(ENROLMENT_COOKIE);
      await registerPasskey(context, { deviceSecret, answer: body });
      http.setCookie(ENROLMENT_COOKIE, '', { maxAgeSeconds: 0 });
      return undefined;
    }),
  ];
}
