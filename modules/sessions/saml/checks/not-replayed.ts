import { messageLifeMs } from './in-time.ts';
import type { RequestCheck } from './request-check.ts';

/** Last, so that nobody can use up the id of a message that they could not have sent. */
export const notReplayed: RequestCheck = {
  name: 'not-replayed',
  holds: async ({ message, remember, nowMs }) => {
    const key = `saml ${message.issuer} ${message.id}`;
    // A minute longer than it could be in time, the other clock being ahead.
    return (await remember(key, nowMs + messageLifeMs + 2 * 60_000)) === 'fresh';
  },
};
