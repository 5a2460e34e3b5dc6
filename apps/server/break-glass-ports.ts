import type { BreakGlassPorts } from '@proofline/approvals';
import type { Customers } from '@proofline/customers';
import type { Sessions } from '@proofline/sessions';
import type { Clock } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import type { Workforce } from '@proofline/workforce';
import type { Config } from './config.ts';

/** A message is worth something for as long as somebody could still say that it was not them. */
const TELL_FOR_MS = 24 * 60 * 60 * 1000;

interface Rooms {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly sessions: Sessions;
  readonly workforce: Workforce;
  readonly customers: Customers;
}

/** What break-glass knows of people and sessions, and where its requester is told. */
export function breakGlassPorts(config: Config, rooms: Rooms): BreakGlassPorts {
  const { clock, customers, sessions, storage, workforce } = rooms;
  return {
    reviewHours: config.PROOFLINE_BREAK_GLASS_REVIEW_HOURS,
    sessionLives: async (sessionId) => (await sessions.registry.findLive(sessionId)) !== undefined,
    customerOf: async (accountNumber) =>
      (await customers.findByAccountNumber(storage.db, accountNumber))?.customerId,
    async findIn(tx, subjectId) {
      const colleague = await workforce.forRecovery.find(tx, subjectId);
      return colleague?.active === true ? colleague : undefined;
    },
    broughtIn: workforce.broughtIn,
    async tell(tx, subjectId, text) {
      for (const to of await workforce.forRecovery.channelsOf(tx, subjectId)) {
        await customers.messages.enqueue(tx, {
          recipientId: subjectId,
          to,
          text: `${config.PROOFLINE_COMPANY}: ${text} If it was not you, tell your security team.`,
          // Its banner stands on every page.
          link: `${config.PROOFLINE_STAFF_ORIGIN}/`,
          notAfterMs: clock.now() + TELL_FOR_MS,
        });
      }
    },
  };
}
