import { bytesToBase64url } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';

const key = (name: string) => bytesToBase64url(seededRandom(name).bytes(32));

/** Settings that are complete and safe, with keys that are worth nothing. */
export function testSettings(): Readonly<Record<string, string>> {
  const signingKey = {
    kty: 'EC',
    crv: 'P-256',
    kid: 'test',
    x: key('x'),
    y: key('y'),
    d: key('d'),
  };
  return {
    PROOFLINE_ENVIRONMENT: 'test',
    PROOFLINE_TENANT: 'acme',
    PROOFLINE_COMPANY: 'Acme',
    PROOFLINE_STAFF_ORIGIN: 'http://staff.localhost:4400',
    PROOFLINE_CUSTOMERS_ORIGIN: 'http://customers.localhost:4400',
    PROOFLINE_GATEWAY_ORIGIN: 'http://gateway.localhost:4410',
    PROOFLINE_DATA_DIRECTORY: '/nowhere',
    PROOFLINE_KEK: key('kek'),
    PROOFLINE_LOG_SEED: key('log'),
    PROOFLINE_COOKIE_KEY: key('cookie'),
    PROOFLINE_POLICY_SEEDS: key('policies'),
    PROOFLINE_LOG_NAME: 'evidence.acme.localhost/test',
    PROOFLINE_SIGNING_KEYS: JSON.stringify([signingKey]),
    PROOFLINE_SERVICES: '[]',
    PROOFLINE_ATTESTATION: '{"authorities":[],"allowedAaguids":[],"statuses":[]}',
    PROOFLINE_NOTIFIER_URL: 'http://127.0.0.1:4430/inbox',
    PROOFLINE_NOTIFIER_SECRET: key('notifier'),
    PROOFLINE_METRICS_TOKEN: key('metrics'),
  };
}
