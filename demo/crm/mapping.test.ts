import { exportJWK, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { recordChanges } from '../../apps/console/src/api/record-acts.ts';
import { recordLists } from '../../apps/console/src/api/record-lists.ts';
import { createNodeFetch, readGatewayConfig, startGateway } from '@proofline/gateway';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { accountActions } from '@proofline/protocol';
import gatewayMapping from './gateway-mapping.json' with { type: 'json' };
import { crmOpenApi } from './openapi.ts';
import { startCrm } from './start-crm.ts';

const apiKey = 'a-key-of-this-test-only';

describe('the mapping for the gateway', () => {
  it('agrees with what the CRM says about itself, as the gateway sees at its start', async () => {
    const now = () => new Date('2026-11-02T09:00:00Z');
    const crm = await startCrm({ port: 0, apiKey, databasePath: ':memory:', now });
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const ports = { clock: systemClock, random: systemRandom };
    const config = readGatewayConfig({
      PROOFLINE_STAFF_ORIGIN: 'http://staff.localhost:4400',
      PROOFLINE_GATEWAY_ORIGIN: 'http://gateway.localhost:4410',
      GATEWAY_LISTEN_PORT: '0',
      GATEWAY_CLIENT_ID: newId('svc', ports),
      GATEWAY_CLIENT_KEY: JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'k' }),
      GATEWAY_UPSTREAM_ORIGIN: crm.origin,
      GATEWAY_UPSTREAM_API_KEY: apiKey,
      GATEWAY_MAPPING: new URL('gateway-mapping.json', import.meta.url).pathname,
      GATEWAY_METRICS_TOKEN: 'm'.repeat(32),
    });
    const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
    const gateway = await startGateway(config, {
      ...ports,
      logger: silent,
      fetch: createNodeFetch(),
    });
    expect(gateway.port).toBeGreaterThan(0);
    await gateway.stop();
    await crm.stop();
  });
  it('does not map the search over all customers', () => {
    expect(Object.keys(gatewayMapping.operations)).not.toContain('searchCustomers');
  });
  it('leads to every action on an account that the policies know', () => {
    const mapped = Object.values(gatewayMapping.operations).map(({ action }) => action);
    expect(mapped.toSorted()).toEqual(accountActions.toSorted());
  });
  it('is what the console calls: one route for each of its changes and lists', () => {
    const paths: Readonly<Record<string, object>> = crmOpenApi.paths;
    const called = [
      ...Object.values(recordChanges),
      ...Object.values(recordLists).map((list) => ({ ...list, method: 'GET' })),
    ];
    for (const { action, method, path } of called) {
      const at = paths[`/customers/{accountNumber}${path}`];
      const operation = z
        .object({ operationId: z.string() })
        .parse(at && Object.entries(at).find(([name]) => name === method.toLowerCase())?.[1]);
      const mapped = Object.entries(gatewayMapping.operations).find(
        ([id]) => id === operation.operationId,
      );
      expect([path, mapped?.[1].action]).toEqual([path, action]);
    }
  });
  it('labels every field of a customer, so that none is forgotten by chance', () => {
    const fields = Object.keys(crmOpenApi.components.schemas.Customer.properties);
    const labels = Object.keys(gatewayMapping.operations.getCustomer.fields);
    expect(labels.map((label) => label.slice(1)).toSorted()).toEqual(fields.toSorted());
  });
});
