import type { RequestCheck } from './request-check.ts';

/**
 * A signed message says for whom it is (saml-bindings-2.0-os §3.4.5.2 and §3.5.5.2): one that was
 * signed for another identity provider is worth nothing here.
 */
export const destination: RequestCheck = {
  name: 'destination',
  holds: ({ message, received, endpoint }) =>
    message.destination === undefined ? !received.isSigned : message.destination === endpoint,
};
