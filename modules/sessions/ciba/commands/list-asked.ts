import type { Id } from '@proofline/kernel';
import type { CustomerSignInRequest, SignInRequest } from '@proofline/protocol';
import { findApplication, type ApplicationRow } from '../../applications/store/application-rows.ts';
import { termsOf } from '../../consents/domain/terms.ts';
import { standingConsent } from '../../consents/standing-consent.ts';
import type { SessionsContext } from '../../context.ts';
import { dataAsked } from '../../oidc/application-client.ts';
import type { CustomerSignInRequests, PersonId, SignInRequests } from '../../types.ts';
import { findWaiting, listWaiting } from '../store/request-rows.ts';
import { listSilenced } from '../store/silence-rows.ts';
import type { SignInRequestRow } from '../store/tables.ts';

type Describe<Request> = (row: SignInRequestRow, application: ApplicationRow) => Promise<Request>;

/** What people of a realm are asked, and what they have silenced: what they read is what they sign. */
function listing<P extends PersonId, Request>(
  context: SessionsContext,
  describe: Describe<Request>,
) {
  const { clock, storage, tenant } = context;
  const nameOf = async (applicationId: Id<'app'>) =>
    (await findApplication(storage.db, tenant, applicationId))?.name;
  /** `undefined`: the application is another one by now, is suspended, or is gone. */
  const read = async (row: SignInRequestRow): Promise<Request | undefined> => {
    const application = await findApplication(storage.db, tenant, row.application_id);
    if (application?.version !== row.application_version || application.suspendedAt)
      return undefined;
    return describe(row, application);
  };
  return {
    async list(subjectId: P) {
      const of = { subjectId, at: new Date(clock.now()) };
      const waiting = await listWaiting(storage.db, tenant, of);
      const silenced = await listSilenced(storage.db, tenant, of);
      const requests = await Promise.all(waiting.map(read));
      return {
        requests: requests.filter((one) => one !== undefined),
        silenced: await Promise.all(
          silenced.map(async ({ applicationId, until }) => ({
            applicationId,
            applicationName: (await nameOf(applicationId)) ?? 'An application that was removed',
            until: until.toISOString(),
          })),
        ),
      };
    },
    async find(of: { readonly requestId: Id<'sir'>; readonly subjectId: P }) {
      const row = await findWaiting(storage.db, tenant, { ...of, at: new Date(clock.now()) });
      return row && read(row);
    },
  };
}

const common = (row: SignInRequestRow, { name }: ApplicationRow) => ({
  requestId: row.request_id,
  applicationId: row.application_id,
  applicationName: name,
  bindingMessage: row.binding_message,
  acr: row.acr,
  askedAt: row.asked_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
});

/** What colleagues are asked. */
export const listingOfStaff = (context: SessionsContext): Pick<SignInRequests, 'list' | 'find'> =>
  listing<Id<'stf'>, SignInRequest>(context, async (row, application) => ({
    ...common(row, application),
    tellsName: row.scope.split(' ').includes('profile'),
    ...(row.resource !== null && { resource: row.resource }),
  }));

/** What customers are asked: with all that the application learns of them. */
export const listingOfCustomers = (
  context: SessionsContext,
): Pick<CustomerSignInRequests, 'list' | 'find'> =>
  listing<Id<'cus'>, CustomerSignInRequest>(context, async (row, application) => {
    const { host, learns } = termsOf(application, dataAsked(row.scope));
    const of = { customerId: row.subject_id, learns };
    const agreed = (await standingConsent(context, application, of)) !== undefined;
    return { ...common(row, application), host, learns, agreed };
  });
