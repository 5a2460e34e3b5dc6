import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './config.ts';
import { testSettings } from './testing/settings.ts';

const settings = testSettings();
const optional = new Set([
  'PROOFLINE_LISTEN_HOST',
  'PROOFLINE_LISTEN_PORT',
  'DATABASE_URL',
  'PROOFLINE_CACHE_DIRECTORY',
  'PROOFLINE_LOG_LEVEL',
]);

function refusal(change: Readonly<Record<string, string | undefined>>): string {
  try {
    readConfig({ ...settings, ...change });
    return '';
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
}

describe('readConfig', () => {
  it('takes whole settings, and fills in what has a safe default', () => {
    expect(readConfig(settings)).toMatchObject({
      PROOFLINE_LISTEN_HOST: '127.0.0.1',
      PROOFLINE_LISTEN_PORT: 4400,
      PROOFLINE_LOG_LEVEL: 'info',
    });
    expect(readConfig({ ...settings, PROOFLINE_LISTEN_PORT: '8443' })).toMatchObject({
      PROOFLINE_LISTEN_PORT: 8443,
    });
  });

  it('trusts no proxy unless told so', () => {
    const trusts = (given: Readonly<Record<string, string>>) =>
      readConfig({ ...settings, ...given }).PROOFLINE_TRUSTED_PROXIES.check('10.0.0.5');
    expect(trusts({})).toBe(false);
    expect(trusts({ PROOFLINE_TRUSTED_PROXIES: '192.0.2.1, 10.0.0.0/24' })).toBe(true);
  });

  const needed = Object.keys(settings).filter((name) => !optional.has(name));
  it('has settings to test', () => expect(needed.length).toBeGreaterThan(15));

  it.each(needed)('stops the start without %s, and names it alone', (name) => {
    expect(refusal({ [name]: undefined })).toBe(
      `Proofline cannot start:\n  - ${name} must be set.`,
    );
  });

  it('names every setting that is missing, at once', () => {
    expect(() => readConfig({})).toThrow(ConfigError);
    try {
      readConfig({});
    } catch (error) {
      for (const name of needed) expect(String(error)).toContain(`${name} must be set`);
    }
  });

  const secret = 'hunter2-do-not-show-me';
  it.each([
    ['PROOFLINE_TENANT', `${secret} UPPER`],
    ['PROOFLINE_STAFF_ORIGIN', secret],
    ['PROOFLINE_STAFF_ORIGIN', `https://staff.example/${secret}`],
    ['PROOFLINE_STAFF_ORIGIN', `http://${secret}.example`],
    ['PROOFLINE_GATEWAY_ORIGIN', `ftp://${secret}`],
    ['PROOFLINE_LISTEN_HOST', ''],
    ['PROOFLINE_LISTEN_PORT', ''],
    ['PROOFLINE_LISTEN_PORT', secret],
    ['PROOFLINE_LISTEN_PORT', '65536'],
    ['PROOFLINE_LISTEN_PORT', '-1'],
    ['PROOFLINE_TRUSTED_PROXIES', ''],
    ['PROOFLINE_TRUSTED_PROXIES', secret],
    ['PROOFLINE_TRUSTED_PROXIES', '10.0.0.5,0.0.0.0/0'],
    ['DATABASE_URL', `mysql://${secret}`],
    ['PROOFLINE_KEK', secret],
    ['PROOFLINE_LOG_SEED', `${secret}${secret}`],
    ['PROOFLINE_COOKIE_KEY', '!'.repeat(43)],
    ['PROOFLINE_LOG_NAME', `${secret} with spaces`],
    ['PROOFLINE_SIGNING_KEYS', secret],
    ['PROOFLINE_SIGNING_KEYS', '[]'],
    ['PROOFLINE_SIGNING_KEYS', JSON.stringify([{ kty: 'EC', kid: secret }])],
    ['PROOFLINE_SERVICES', `{"${secret}"`],
    ['PROOFLINE_SERVICES', JSON.stringify([{ id: secret, role: 'gateway', jwk: {} }])],
    ['PROOFLINE_ATTESTATION', '{}'],
    ['PROOFLINE_NOTIFIER_URL', `http://${secret}.example/`],
    ['PROOFLINE_NOTIFIER_SECRET', secret],
    ['PROOFLINE_METRICS_TOKEN', secret],
    ['PROOFLINE_ENVIRONMENT', secret],
    ['PROOFLINE_LOG_LEVEL', secret],
  ])('refuses an unsafe %s (%j), and never shows the value', (name, value) => {
    const message = refusal({ [name]: value });
    expect(message).toContain(`  - ${name} `);
    expect(message).not.toContain('hunter2');
  });

  it('refuses a private key where a public one belongs', () => {
    const jwk = { kty: 'EC', kid: 'k', d: secret };
    const services = [{ id: `svc_${'0'.repeat(26)}`, role: 'gateway', jwk }];
    const message = refusal({ PROOFLINE_SERVICES: JSON.stringify(services) });
    expect(message).toContain('only public keys belong here');
    expect(message).not.toContain('hunter2');
  });

  it('refuses both realms on one host, whatever the port', () => {
    const message = refusal({ PROOFLINE_CUSTOMERS_ORIGIN: 'http://staff.localhost:9999' });
    expect(message).toContain('PROOFLINE_CUSTOMERS_ORIGIN must be another host');
  });

  describe('NAME_FILE', () => {
    let directory: string;
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'proofline-config-'));
    });
    afterAll(() => rmSync(directory, { recursive: true, force: true }));

    it('reads a secret from a file, without the line’s end', () => {
      const file = join(directory, 'kek');
      writeFileSync(file, `${settings['PROOFLINE_KEK']}\n`);
      const config = readConfig({
        ...settings,
        PROOFLINE_KEK: undefined,
        PROOFLINE_KEK_FILE: file,
      });
      expect(config.PROOFLINE_KEK).toBe(settings['PROOFLINE_KEK']);
    });

    it('says which one cannot be read, and not where it was looked for', () => {
      const PROOFLINE_KEK_FILE = join(directory, 'hunter2');
      const message = refusal({ PROOFLINE_KEK: undefined, PROOFLINE_KEK_FILE });
      expect(message).toContain('PROOFLINE_KEK_FILE names a file that cannot be read');
      expect(message).not.toContain('hunter2');
    });
  });
});
