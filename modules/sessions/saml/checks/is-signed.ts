import type { RequestCheck } from './request-check.ts';

/**
 * Whoever registered a key signs with it, always: else the browser in between could leave out
 * `ForceAuthn` or the requested context together with the signature. One without a key may ask
 * unsigned, since the answer goes to the registered address either way.
 */
export const isSigned: RequestCheck = {
  name: 'is-signed',
  holds: ({ received, provider }) =>
    provider.signingCertificates.length === 0
      ? !received.isSigned
      : received.whyNotSignedBy(provider.signingCertificates) === undefined,
};

/** For messages that end something: nobody ends a session without a key. */
export const isAlwaysSigned: RequestCheck = {
  name: 'is-signed',
  holds: ({ received, provider }) =>
    provider.signingCertificates.length > 0 &&
    received.whyNotSignedBy(provider.signingCertificates) === undefined,
};
