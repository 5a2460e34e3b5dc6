import {
  handle,
  listAgreedApplications,
  withdrawAgreement,
  type MountedRoute,
} from '@proofline/protocol';
import { findApplication } from '../../applications/store/application-rows.ts';
import type { SessionsContext } from '../../context.ts';
import { withdrawConsent } from '../commands/withdraw-consent.ts';
import type { ConsentRow } from '../domain/consent-row.ts';
import { hostOf } from '../domain/pairwise-name.ts';
import { listConsents } from '../store/consent-rows.ts';

/** What a customer has agreed to: whose it is, is always whoever calls. */
export function consentRoutes(context: SessionsContext): MountedRoute[] {
  return [
    handle(listAgreedApplications, async ({ caller }) => {
      const rows = await listConsents(context.storage.db, context, caller.customerId);
      const applications = await Promise.all(rows.map((row) => describe(context, row)));
      return { applications: applications.flat() };
    }),
    handle(withdrawAgreement, async ({ caller, params }) => {
      await withdrawConsent(context, { caller, ...params });
      return undefined;
    }),
  ];
}

/** One that was removed is not listed: nobody signs in to it any more. */
async function describe({ storage, tenant }: SessionsContext, row: ConsentRow) {
  const { agreedAt, applicationId, learns } = row;
  const application = await findApplication(storage.db, tenant, applicationId);
  if (!application) return [];
  const host = hostOf(application);
  const { name } = application;
  return [{ applicationId, name, host, learns: [...learns], agreedAt: agreedAt.toISOString() }];
}
