import type { AttestationPolicy } from '@proofline/assurance';
import {
  createSoftwareAuthenticator,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { fixedClock, systemRandom } from '@proofline/kernel';
import {
  customerSignIn,
  customerSignInOptions,
  enrolmentOptions,
  enrolmentPasskey,
  openEnrolment,
} from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import type { CustomersDeps } from '../types.ts';
import { createCustomers } from '../create-customers.ts';
import { callRoute, createFakeHttp, type FakeHttp } from './call-route.ts';
import { createFakeSessions, nobodyAsks, nobodyAsksElsewhere } from './fake-sessions.ts';
import { createPhone } from './phone.ts';
import { createRecordBook } from './record-book.ts';

/** The customers' origin of tests. */
export const ORIGIN = 'https://customers.example';
/** The customers' RP ID of tests. */
export const RP_ID = 'customers.example';
/** No hardware is believed: every customer is `phr`. */
export const attestationPolicy: AttestationPolicy = {
  authorities: [],
  allowedAaguids: [],
  statuses: [],
};

/** The module with stand-ins around it, and customers who can do ceremonies. */
export function createCustomersWorld(storage: Storage, tenant = 'acme') {
  const clock = fixedClock();
  const random = systemRandom;
  const ledger = createRecordBook({ storage, clock, random });
  const sessions = createFakeSessions({ clock, random });
  const phone = createPhone();
  let onRemoved: CustomersDeps['endProofsOn'] = async () => () => undefined;
  const customers = createCustomers({
    storage,
    ledger,
    clock,
    random,
    tenant,
    customersOrigin: ORIGIN,
    rpId: RP_ID,
    companyName: 'Meridian',
    attestationPolicy,
    customerSessions: sessions,
    customerSignInFlow: nobodyAsks,
    customerSignInRequests: nobodyAsksElsewhere,
    notifier: phone,
    endProofsOn: (tx, removed) => onRemoved(tx, removed),
  });
  const { routes } = customers;

  /** The secret of the newest link that arrived. */
  async function receiveLink(): Promise<string> {
    await customers.messages.deliver();
    return phone.inbox.at(-1)?.link.split('#')[1] ?? '';
  }

  /** Invitation, link, first passkey: as a new customer would. */
  async function enrol(accountNumber: string): Promise<SoftwareAuthenticator> {
    await customers.invite({ accountNumber, invitedBy: 'svc_test' });
    const secret = await receiveLink();
    const http = createFakeHttp();
    await callRoute(routes, openEnrolment, { body: { secret }, http });
    const device = createSoftwareAuthenticator({ kind: 'synced' });
    await register(device, http);
    return device;
  }

  async function register(device: SoftwareAuthenticator, http: FakeHttp): Promise<void> {
    const options = await callRoute(routes, enrolmentOptions, { http });
    const credential = await device.register({ options: options.publicKey, origin: ORIGIN });
    const body = { ceremonyId: options.ceremonyId, credential };
    await callRoute(routes, enrolmentPasskey, { body, http });
  }

  async function signIn(device: SoftwareAuthenticator): Promise<FakeHttp> {
    const http = createFakeHttp();
    const options = await callRoute(routes, customerSignInOptions);
    const credential = await device.assert({ options: options.publicKey, origin: ORIGIN });
    const body = { ceremonyId: options.ceremonyId, credential };
    await callRoute(routes, customerSignIn, { body, http });
    return http;
  }

  return {
    storage,
    clock,
    random,
    tenant,
    ledger,
    sessions,
    phone,
    customers,
    routes,
    /** What a room above does when a passkey is removed. */
    whenRemoved(work: CustomersDeps['endProofsOn']) {
      onRemoved = work;
    },
    receiveLink,
    enrol,
    register,
    signIn,
  };
}
