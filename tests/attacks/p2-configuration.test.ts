import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestAuthority } from '@proofline/assurance/testing';
import { readGatewayConfig } from '@proofline/gateway';
import { readConfig } from '@proofline/server/config';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { environmentsOf, originsOf } from '../../demo/environments.ts';
import { loadDemoSecrets } from '../../demo/secrets.ts';

let directory: string;
let environments: ReturnType<typeof environmentsOf>;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'proofline-settings-'));
  const ports = { server: 1, gateway: 2, crm: 3, demo: 4, mtls: 5, witness: 6 };
  environments = environmentsOf({
    directory,
    ports,
    origins: originsOf(ports),
    secrets: await loadDemoSecrets(directory),
    authority: await createTestAuthority(),
  });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** Settings that have a safe default, and such as are about convenience only. */
const optional = new Set([
  'PROOFLINE_RESOURCE_ORIGINS',
  'PROOFLINE_INTERNAL_LOGOUT_ORIGINS',
  // Without it the evidence goes out to nobody.
  'PROOFLINE_EVIDENCE_RECEIVERS',
  'PROOFLINE_LISTEN_PORT',
  'PROOFLINE_TRUSTED_PROXIES',
  'PROOFLINE_TWO_PASSKEY_ROLES',
  'PROOFLINE_DESK_MODES',
  // Without them no certificates of programs are taken.
  'PROOFLINE_MTLS_ORIGIN',
  'PROOFLINE_MTLS_KEY',
  'PROOFLINE_MTLS_LISTEN_PORT',
  'PROOFLINE_MTLS_HEADER',
  'PROOFLINE_MTLS_AUTHORITIES',
  // Without it nobody else signs the log.
  'PROOFLINE_WITNESS_POLICY',
  'PROOFLINE_INTERNAL_WITNESS_ORIGINS',
  // Without it there is no SAML identity provider.
  'PROOFLINE_SAML_KEYS',
  // Without it no group stands for a role.
  'PROOFLINE_PROVISIONING_ROLES',
  'PROOFLINE_SIGNING_KEY_DAYS',
  'PROOFLINE_RECOVERY_WAIT_HOURS',
  'PROOFLINE_BREAK_GLASS_REVIEW_HOURS',
  'PROOFLINE_RECOVERY_DEMO_WAIT_SECONDS',
  'PROOFLINE_DATABASE_OWNER_URL',
  'PROOFLINE_DATABASE_ERASING_URL',
  'PROOFLINE_CACHE_DIRECTORY',
  'PROOFLINE_FACTS_TIMEOUT_MS',
  'PROOFLINE_TRUST_ROOTS',
  'PROOFLINE_METADATA',
  'PROOFLINE_METADATA_ROOTS',
  'PROOFLINE_METADATA_SIGNER',
  'PROOFLINE_METADATA_GRACE_DAYS',
  'PROOFLINE_ORACLE_EVERY',
  'PROOFLINE_POLICIES',
  'PROOFLINE_LOG_LEVEL',
  'GATEWAY_LISTEN_PORT',
  'GATEWAY_LOG_LEVEL',
]);

function refusal(read: () => unknown): string {
  try {
    read();
    return 'it starts';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

describe('P2: a security setting that is missing or unsafe stops the start', () => {
  test('the server, each setting taken away one by one', () => {
    const { server } = environments;
    expect(refusal(() => readConfig(server))).toBe('it starts');
    const needed = Object.keys(server).filter((name) => !optional.has(name));
    expect(needed.length).toBeGreaterThan(15);
    for (const name of needed) {
      for (const value of [undefined, '']) {
        expect(refusal(() => readConfig({ ...server, [name]: value }))).toContain(name);
      }
    }
  });

  test('the gateway, each setting taken away one by one', () => {
    const { gateway } = environments;
    expect(refusal(() => readGatewayConfig(gateway))).toBe('it starts');
    const needed = Object.keys(gateway).filter((name) => !optional.has(name));
    expect(needed.length).toBeGreaterThan(6);
    for (const name of needed) {
      for (const value of [undefined, '']) {
        expect(refusal(() => readGatewayConfig({ ...gateway, [name]: value }))).toContain(name);
      }
    }
  });

  test('certificates of connections, each setting without what it needs', () => {
    const header = { PROOFLINE_MTLS_HEADER: 'client-cert', PROOFLINE_TRUSTED_PROXIES: '10.0.0.5' };
    const origin = { PROOFLINE_MTLS_ORIGIN: 'https://mtls.example.com' };
    const message = (more: object) =>
      refusal(() => readConfig({ ...environments.server, ...more }));
    expect(message({ ...origin, ...header })).toBe('it starts');
    expect(message(origin)).toContain('PROOFLINE_MTLS_KEY');
    expect(message(header)).toContain('PROOFLINE_MTLS_ORIGIN');
    const believed = { ...origin, PROOFLINE_MTLS_HEADER: 'client-cert' };
    expect(message(believed), 'everybody would be believed').toContain('PROOFLINE_TRUSTED_PROXIES');
    const staff = environments.server['PROOFLINE_STAFF_ORIGIN'] ?? '';
    const shared = { ...header, PROOFLINE_MTLS_ORIGIN: staff.replace('http:', 'https:') };
    expect(message(shared), 'a browser goes there').toContain('PROOFLINE_MTLS_ORIGIN');
  });

  const unsafe: readonly (readonly [name: string, value: string, what: string])[] = [
    ['PROOFLINE_KEK', 'c2hvcnQ', 'a short key'],
    ['PROOFLINE_LOG_SEED', 'A'.repeat(44), 'a key of another length'],
    ['PROOFLINE_POLICY_SEEDS', 'c2hvcnQ', 'a short key for policy releases'],
    ['PROOFLINE_POLICIES', 'whatever', 'an unknown way to take policies'],
    ['PROOFLINE_COOKIE_KEY', 'not base64url!'.padEnd(43, '!'), 'a key that is no base64url'],
    ['PROOFLINE_STAFF_ORIGIN', 'http://staff.example.com', 'plain http on a real name'],
    ['PROOFLINE_STAFF_ORIGIN', 'https://staff.example.com/path', 'an origin with a path'],
    ['PROOFLINE_CUSTOMERS_ORIGIN', 'http://staff.localhost:9', 'both realms on one host'],
    ['PROOFLINE_RESOURCE_ORIGINS', '', 'a list of audiences that came out empty'],
    ['PROOFLINE_RESOURCE_ORIGINS', '*', 'grants for everybody'],
    ['PROOFLINE_RESOURCE_ORIGINS', 'http://billing.example.com', 'an audience in the clear'],
    [
      'PROOFLINE_RESOURCE_ORIGINS',
      'https://a.example,https://a.example',
      'an audience named twice',
    ],
    ['PROOFLINE_INTERNAL_LOGOUT_ORIGINS', '*', 'every address inside'],
    ['PROOFLINE_INTERNAL_LOGOUT_ORIGINS', 'http://10.0.0.5', 'a logout token in the clear'],
    [
      'PROOFLINE_EVIDENCE_RECEIVERS',
      '[{"name":"siem","form":"ocsf","url":"http://siem.example.com/in"}]',
      'evidence in the clear',
    ],
    [
      'PROOFLINE_EVIDENCE_RECEIVERS',
      '[{"name":"siem","form":"ocsf","url":"https://169.254.169.254/latest"}]',
      'evidence to an address inside that nobody has said',
    ],
    ['PROOFLINE_MTLS_KEY', 'PEM', 'a key for TLS that is none'],
    ['PROOFLINE_MTLS_AUTHORITIES', 'PEM', 'authorities that are none'],
    [
      'PROOFLINE_MTLS_HEADER',
      'x-forwarded-for',
      'certificates in a header that means another thing',
    ],
    ['PROOFLINE_MTLS_ORIGIN', 'http://mtls.localhost:5', 'certificates without TLS'],
    ['PROOFLINE_MTLS_ORIGIN', '', 'an origin for certificates that came out empty'],
    ['PROOFLINE_SIGNING_KEYS', '[]', 'no signing key'],
    [
      'PROOFLINE_SIGNING_KEYS',
      '[{"kty":"EC","kid":"x"}]',
      'a signing key without its private half',
    ],
    ['PROOFLINE_SERVICES', '[{"id":"svc_x","role":"gateway","jwk":{}}]', 'a malformed service'],
    ['PROOFLINE_NOTIFIER_SECRET', 'short', 'a short notifier secret'],
    ['PROOFLINE_METRICS_TOKEN', 'short', 'a short metrics token'],
    ['PROOFLINE_ATTESTATION', '{}', 'an attestation policy without its lists'],
    ['PROOFLINE_TRUST_ROOTS', '/nowhere', 'trust roots that are not there'],
    ['PROOFLINE_TRUST_ROOTS', import.meta.dirname, 'a folder without a trust root'],
    ['PROOFLINE_METADATA', '/metadata.jwt', 'metadata that nobody’s root is asked about'],
    ['PROOFLINE_METADATA', 'http://mds.example.com/', 'metadata over plain http'],
    ['PROOFLINE_METADATA_ROOTS', '/nowhere', 'roots of metadata that are not there'],
    ['PROOFLINE_METADATA_SIGNER', '', 'any signer of metadata'],
    ['PROOFLINE_METADATA_SIGNER', '*', 'every signer of metadata'],
    ['PROOFLINE_METADATA_GRACE_DAYS', '61', 'metadata that counts for ever'],
    ['PROOFLINE_METADATA_GRACE_DAYS', '', 'no number of days'],
    ['PROOFLINE_BREAK_GLASS_REVIEW_HOURS', '0', 'a review that is overdue at once'],
    ['PROOFLINE_BREAK_GLASS_REVIEW_HOURS', '169', 'a review that nobody has to make'],
    ['PROOFLINE_SIGNING_KEY_DAYS', '', 'a number of days that came out empty'],
    ['PROOFLINE_SIGNING_KEY_DAYS', '0', 'keys that change without end'],
    ['PROOFLINE_SIGNING_KEY_DAYS', '100000', 'keys that never change'],
    ['PROOFLINE_RECOVERY_WAIT_HOURS', '23', 'a recovery in which nobody has a day to cancel'],
    ['PROOFLINE_RECOVERY_WAIT_HOURS', '', 'a wait that came out empty'],
    ['PROOFLINE_RECOVERY_WAIT_HOURS', '24.5', 'a wait of broken hours'],
    ['PROOFLINE_DESK_MODES', '{"Front desk":"shared"}', 'a mode that there is not'],
    ['PROOFLINE_DESK_MODES', '', 'modes that came out empty'],
    ['PROOFLINE_TWO_PASSKEY_ROLES', '', 'a list of roles that came out empty'],
    ['PROOFLINE_TWO_PASSKEY_ROLES', 'security-admins', 'a role that nobody has'],
    ['PROOFLINE_TRUSTED_PROXIES', '', 'a list of proxies that came out empty'],
    ['PROOFLINE_TRUSTED_PROXIES', '0.0.0.0/0', 'everybody as a proxy'],
    ['PROOFLINE_TRUSTED_PROXIES', '10.0.0.5,::/0', 'everybody with IPv6 as a proxy'],
    ['PROOFLINE_TRUSTED_PROXIES', 'proxy.internal', 'a proxy by a name that DNS may change'],
    ['PROOFLINE_ENVIRONMENT', 'whatever', 'an unknown environment'],
  ];
  test.each(unsafe)('%s=%s (%s)', (name, value) => {
    const message = refusal(() => readConfig({ ...environments.server, [name]: value }));
    expect(message).toContain(name);
    // A refused secret is not shown: the sentence may land in a log.
    if (/KEK|SEED|KEY|SECRET|TOKEN/.test(name) && value.length > 4)
      expect(message).not.toContain(value);
  });

  test.each(['staging', 'production'])('%s, with the shortened wait of a demonstration', (name) => {
    const server = { ...environments.server, PROOFLINE_ENVIRONMENT: name };
    const message = refusal(() => readConfig(server));
    expect(message).toContain('PROOFLINE_RECOVERY_DEMO_WAIT_SECONDS');
  });

  test('a service that is given its private key, as if the server should hold it', () => {
    const services = JSON.parse(environments.server['PROOFLINE_SERVICES'] ?? '[]') as {
      jwk: object;
    }[];
    const leaked = services.map((service) => ({
      ...service,
      jwk: { ...service.jwk, d: 'x'.repeat(43) },
    }));
    const value = JSON.stringify(leaked);
    const message = refusal(() =>
      readConfig({ ...environments.server, PROOFLINE_SERVICES: value }),
    );
    expect(message).toContain('private key');
  });

  test('a secret in a file that cannot be read, or that is empty', () => {
    const { PROOFLINE_KEK: _taken, ...rest } = environments.server;
    const empty = join(directory, 'empty');
    writeFileSync(empty, '\n');
    for (const path of [join(directory, 'nowhere'), empty]) {
      expect(refusal(() => readConfig({ ...rest, PROOFLINE_KEK_FILE: path }))).toContain(
        'PROOFLINE_KEK',
      );
    }
  });
});
