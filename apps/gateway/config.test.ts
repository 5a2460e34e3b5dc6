import { describe, expect, it } from 'vitest';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { readGatewayConfig } from './config.ts';
import { Mapping } from './upstream/mapping.ts';
import { readOperations } from './upstream/read-operations.ts';

const whole = {
  PROOFLINE_STAFF_ORIGIN: 'https://staff.example',
  PROOFLINE_GATEWAY_ORIGIN: 'https://gateway.example',
  GATEWAY_CLIENT_ID: newId('svc', { clock: systemClock, random: systemRandom }),
  GATEWAY_CLIENT_KEY: '{"kty":"EC","kid":"k","crv":"P-256","d":"dddddddddddddddddddddddd"}',
  GATEWAY_UPSTREAM_ORIGIN: 'http://127.0.0.1:4420',
  GATEWAY_UPSTREAM_API_KEY: 'an-upstream-key-0000',
  GATEWAY_MAPPING: 'mapping.json',
  GATEWAY_METRICS_TOKEN: 'm'.repeat(32),
};

describe('the configuration', () => {
  it('is taken when whole', () => {
    expect(readGatewayConfig(whole)).toMatchObject({ GATEWAY_LISTEN_PORT: 4410 });
  });
  it('names every setting that is missing', () => {
    for (const name of Object.keys(whole)) {
      const without = { ...whole, [name]: undefined };
      expect(() => readGatewayConfig(without)).toThrow(`${name} must be set.`);
    }
  });
  it('refuses what is unsafe, and never repeats a secret', () => {
    const unsafe: [string, string, RegExp][] = [
      ['PROOFLINE_STAFF_ORIGIN', 'http://staff.example', /must be https/],
      ['PROOFLINE_GATEWAY_ORIGIN', 'https://gateway.example/x', /origin only/],
      ['GATEWAY_UPSTREAM_API_KEY', 'short-secret', /at least 16/],
      ['GATEWAY_CLIENT_KEY', '{"kty":"EC","x":"no-private"}', /must be a private JWK/],
      ['GATEWAY_CLIENT_ID', 'somebody', /svc_/],
      ['GATEWAY_METRICS_TOKEN', 'tiny-token', /at least 32/],
    ];
    for (const [name, value, sentence] of unsafe) {
      expect(() => readGatewayConfig({ ...whole, [name]: value })).toThrow(sentence);
      expect(() => readGatewayConfig({ ...whole, [name]: value })).not.toThrow(value);
    }
  });
});

describe('the mapping', () => {
  const description = {
    openapi: '3.1.0',
    paths: {
      '/a/{id}': {
        get: { operationId: 'read', parameters: [{ name: 'id', in: 'path', required: true }] },
      },
      '/b': { get: { operationId: 'list' } },
    },
  };
  const mapped = (operations: object) =>
    Mapping.parse({ resource: { type: 'Account', parameter: 'id' }, operations });
  const read = { action: 'account:read', fields: {} };

  it('names what exists: the rest of the description does not', () => {
    expect(readOperations(description, mapped({ read }))).toMatchObject([{ operationId: 'read' }]);
    expect(readOperations(description, mapped({}))).toEqual([]);
  });
  it('stops the start when it names what is not described, or what has no record', () => {
    expect(() => readOperations(description, mapped({ write: read }))).toThrow(
      'no operation write',
    );
    expect(() => readOperations(description, mapped({ list: read }))).toThrow('no path parameter');
    expect(() => readOperations({ openapi: '2.0' }, mapped({ read }))).toThrow('OpenAPI 3.1');
    const broken = { ...description, paths: { '/a': { $ref: '#/nowhere' } } };
    expect(() => readOperations(broken, mapped({ read }))).toThrow('names nothing');
  });
  it('knows actions, categories and masks only', () => {
    const parse = (operation: object) => () => mapped({ read: { ...read, ...operation } });
    expect(parse({ action: 'account:delete' })).toThrow('action');
    expect(parse({ fields: { '/x': { category: 'whatever' } } })).toThrow('category');
    expect(parse({ fields: { x: { category: 'plan' } } })).toThrow('JSON pointer');
    expect(parse({ public: true })).toThrow('public');
  });
});
