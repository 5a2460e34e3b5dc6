import {
  changeApplication,
  handle,
  listApplications,
  registerApplication,
  removeApplication,
  resumeApplication,
  suspendApplication,
  type Application,
  type MountedRoute,
} from '@proofline/protocol';
import type { SessionsContext } from '../../context.ts';
import { addressesOf } from '../../saml/messages/write-metadata.ts';
import * as change from '../commands/change-application.ts';
import { registerApplication as register } from '../commands/register-application.ts';
import { listApplicationRows, type ApplicationRow } from '../store/application-rows.ts';

/** The handlers of `routes/applications.ts`: what security administrators see and do. */
export function applicationRoutes(context: SessionsContext): MountedRoute[] {
  return [
    handle(listApplications, async () => {
      const rows = await listApplicationRows(context.storage.db, context.tenant);
      const applications = await Promise.all(rows.map((row) => describe(context, row)));
      const { entityId: samlMetadata } = addressesOf(context.staffOrigin);
      return {
        issuer: context.issuer,
        customersIssuer: context.of('customers').issuer,
        ...(context.saml && { samlMetadata }),
        ...(context.mtls && { mtlsOrigin: context.mtls.origin }),
        applications,
      };
    }),
    handle(registerApplication, async ({ body: draft, ...call }) =>
      describe(context, await register(context, { ...byOf(call), draft })),
    ),
    handle(changeApplication, async ({ body: { version, ...draft }, params, ...call }) =>
      describe(
        context,
        await change.changeApplication(context, { ...byOf(call), ...params, draft, version }),
      ),
    ),
    handle(suspendApplication, async ({ params, ...call }) =>
      describe(context, await change.suspendApplication(context, { ...byOf(call), ...params })),
    ),
    handle(resumeApplication, async ({ params, ...call }) =>
      describe(context, await change.resumeApplication(context, { ...byOf(call), ...params })),
    ),
    handle(removeApplication, async ({ params, ...call }) => {
      await change.removeApplication(context, { ...byOf(call), ...params });
      return undefined;
    }),
  ];
}

type PermittedCall = Pick<
  Parameters<Parameters<typeof handle<typeof registerApplication>>[1]>[0],
  'caller' | 'decision'
>;

const byOf = ({ caller, decision }: PermittedCall) => ({
  by: caller.subjectId,
  decisionEvidenceId: decision.evidenceId,
});

async function describe(context: SessionsContext, row: ApplicationRow): Promise<Application> {
  const { lastUsedAt, registeredBy, suspendedAt } = row;
  const by = registeredBy && (await context.peers().findStaff(registeredBy));
  return {
    applicationId: row.applicationId,
    name: row.name,
    realm: row.realm,
    policy: row.policy,
    settings: row.settings,
    state: suspendedAt ? 'suspended' : 'standing',
    version: row.version,
    registeredBy: by?.displayName ?? (registeredBy ? 'a colleague' : 'whoever runs Proofline'),
    registeredAt: row.registeredAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    ...(suspendedAt && { suspendedAt: suspendedAt.toISOString() }),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  };
}
