/** Customers: directory, enrolment, sign-in, and messages to contacts on file. */
export { createCustomers, type Customers } from './create-customers.ts';
export { migrations } from './store/migrations.ts';
export type {
  Contact,
  Customer,
  CustomerCredential,
  CustomerDirectory,
  CustomerImport,
  CustomersDeps,
  MessageDraft,
  Messages,
  Notifier,
  OutgoingMessage,
} from './types.ts';
