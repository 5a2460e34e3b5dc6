import type { Id } from '@proofline/kernel';
import type { CredentialSource } from '@proofline/sessions';
import { ProblemError, type MountedRoute } from '@proofline/protocol';
import { CEREMONY_MS } from './commands/enrolment-options.ts';
import { importCustomers } from './commands/import-customers.ts';
import { inviteCustomer } from './commands/invite-customer.ts';
import { countingCredentials } from './commands/counting-credentials.ts';
import { tellAsked, type AskedCustomer } from './commands/tell-asked.ts';
import { createMessages } from './commands/messages.ts';
import { createContext } from './context.ts';
import {
  customersForRecovery,
  formerContactsEnd,
  type CustomersForRecovery,
} from './for-recovery.ts';
import { applicationSignInRoutes } from './routes/application-sign-in-routes.ts';
import { authenticatorRoutes } from './routes/authenticator-routes.ts';
import { enrolmentRoutes } from './routes/enrolment-routes.ts';
import { signInRequestRoutes } from './routes/sign-in-request-routes.ts';
import { signInRoutes } from './routes/sign-in-routes.ts';
import type { CustomerDirectory, CustomerImport, CustomersDeps, Messages } from './types.ts';

/** So many people of one name are shown as one search. */
const NAMESAKES_MAX = 20;

/** The module: who the customers are, how they enrol and sign in, and how they are reached. */
export interface Customers extends CustomerDirectory {
  importCustomers(list: readonly CustomerImport[]): Promise<{ readonly imported: number }>;
  /** Customers of a name, for whoever searches the evidence; not more than twenty. */
  findNamed(name: string): Promise<readonly Id<'cus'>[]>;
  /** For the service route and for seeding; answers nothing. */
  invite(input: { readonly accountNumber: string; readonly invitedBy: string }): Promise<void>;
  readonly messages: Messages;
  /** Tells a customer, at the contact on file, that an application asks them. Rejects never. */
  tellAsked(asked: AskedCustomer): Promise<void>;
  readonly forRecovery: CustomersForRecovery;
  /** Everybody's credentials, to be judged anew. */
  readonly credentials: CredentialSource;
  /** Deletes ceremonies and former contacts whose time is over. The composition calls it now and then. */
  forgetOldCeremonies(): Promise<void>;
  readonly routes: readonly MountedRoute[];
}

/** Makes the module. Nothing runs by itself: the composition calls `messages.deliver()` each second. */
export function createCustomers(deps: CustomersDeps): Customers {
  const context = createContext(deps);
  const messages = createMessages(context);
  const { authenticators, ceremonies, customers, formerContacts } = context.rows;
  return {
    importCustomers: (list) => importCustomers(context, list),
    invite: (input) => inviteCustomer(context, messages, input),
    findByAccountNumber: (db, accountNumber) => customers.findByAccountNumber(db, accountNumber),
    findNamed: async (name) => customers.findNamed(deps.storage.db, name, NAMESAKES_MAX),
    findById: (db, customerId) => customers.findById(db, customerId),
    contactOf: async (db, customerId) => (await customers.findById(db, customerId))?.contact,
    credentialsOf: (db, customerId) => countingCredentials(context, db, customerId),
    async recordUse(db, { authenticatorId, customerId, ...use }) {
      const own = { authenticatorId, customerId };
      const at = new Date(context.clock.now());
      if (await authenticators.recordUse(db, own, { ...use, at })) return;
      throw new ProblemError('ceremony.refused', { internal: 'authenticator removed' });
    },
    messages,
    // Who was not told finds it on their page; the database’s fault shows where somebody waits for it.
    tellAsked: (asked) => tellAsked(context, messages, asked).catch(() => undefined),
    forRecovery: customersForRecovery(context),
    credentials: {
      realm: 'customers',
      page: (after, limit) => authenticators.page(deps.storage.db, after, limit),
    },
    async forgetOldCeremonies() {
      const { db } = deps.storage;
      const nowMs = deps.clock.now();
      await ceremonies.forgetBefore(db, new Date(nowMs - CEREMONY_MS));
      await formerContacts.forgetBefore(db, formerContactsEnd(nowMs));
    },
    routes: [
      ...enrolmentRoutes(context, messages),
      ...signInRoutes(context),
      ...applicationSignInRoutes(context),
      ...authenticatorRoutes(context, messages),
      ...signInRequestRoutes(context),
    ],
  };
}
