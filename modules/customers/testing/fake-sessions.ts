import { newId, type Clock, type Id, type Random } from '@proofline/kernel';
import type {
  CustomerSessions,
  CustomerSignInFlow,
  CustomerSignInRequests,
} from '@proofline/sessions';
import { ProblemError } from '@proofline/protocol';
import type { Migration } from '@proofline/storage';

/** The table of {@link createFakeSessions}. */
export const fakeSessionsMigration: Migration = {
  id: 'fakesessions-1',
  why: 'Customer sessions of a test.',
  sql: 'CREATE TABLE fake_sessions (session_id text PRIMARY KEY, customer_id text NOT NULL)',
};

type FakeSessionTables = { fake_sessions: { session_id: string; customer_id: string } };

/** Customer sessions as far as this module sees them; says which were ended. */
export function createFakeSessions(ports: {
  readonly clock: Clock;
  readonly random: Random;
}): CustomerSessions & {
  readonly ended: readonly Id<'ses'>[];
  /** Of these all that they had agreed to was taken back. */
  readonly freed: readonly Id<'cus'>[];
} {
  const ended: Id<'ses'>[] = [];
  const freed: Id<'cus'>[] = [];
  return {
    ended,
    freed,
    async start(tx, customer) {
      const sessionId = newId('ses', ports);
      await tx
        .withTables<FakeSessionTables>()
        .insertInto('fake_sessions')
        .values({ session_id: sessionId, customer_id: customer.customerId })
        .execute();
      return { sessionId, cookieSecret: `secret-of-${sessionId}`, maxAgeSeconds: 900 };
    },
    end(sessionId) {
      ended.push(sessionId);
      return Promise.resolve();
    },
    endSessionsOn: async () => () => undefined,
    async endConsents(_tx, { customerId }) {
      freed.push(customerId);
    },
  };
}

const unknown = () => Promise.reject(new ProblemError('signin.unknown'));

/** No application asks anybody to sign in. */
export const nobodyAsks: CustomerSignInFlow = { prompt: unknown, finish: unknown, cancel: unknown };

/** Nor elsewhere. */
export const nobodyAsksElsewhere: CustomerSignInRequests = {
  list: async () => ({ requests: [], silenced: [] }),
  find: async () => undefined,
  prepareAllowing: async () => undefined,
  refuse: async () => false,
  hearAgain: async () => undefined,
};
