import type { Customers } from '@proofline/customers';
import { isId } from '@proofline/kernel';
import type { createRecovery } from '@proofline/recovery';
import type { Workforce } from '@proofline/workforce';
import type { Config } from './config.ts';
import type { EventHub } from './http/event-hub.ts';

type RecoveryDeps = Parameters<typeof createRecovery>[0];
type RecoveryPorts = Pick<
  RecoveryDeps,
  'companyName' | 'realms' | 'listColleagues' | 'wait' | 'messages' | 'notify'
>;

/** Whose people recoveries are of, on which pages, and where they are told. */
export function recoveryPorts(
  config: Config,
  rooms: {
    readonly customers: Customers;
    readonly workforce: Workforce;
    readonly hub: EventHub;
  },
): RecoveryPorts {
  const { customers, hub, workforce } = rooms;
  const shown = config.PROOFLINE_RECOVERY_DEMO_WAIT_SECONDS;
  const pagesAt = (origin: string) => ({ origin, rpId: new URL(origin).hostname });
  return {
    companyName: config.PROOFLINE_COMPANY,
    realms: {
      workforce: { ...pagesAt(config.PROOFLINE_STAFF_ORIGIN), people: workforce.forRecovery },
      customers: { ...pagesAt(config.PROOFLINE_CUSTOMERS_ORIGIN), people: customers.forRecovery },
    },
    listColleagues: workforce.listColleagues,
    wait: {
      waitSeconds: shown ?? config.PROOFLINE_RECOVERY_WAIT_HOURS * 3600,
      isShortened: shown !== undefined,
    },
    messages: customers.messages,
    // A customer's page asks by itself.
    notify: ({ type, forSubjects }) => {
      for (const ownerId of forSubjects) {
        if (isId('stf', ownerId)) hub.publish({ type, desk: '', ownerId, data: {} });
      }
    },
  };
}
