import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePorts } from '../../demo/ports.ts';
import { openCompany, type Battlefield } from '../attacks/open-company.ts';
import { describeApache } from './openid/by-apache.ts';
import { describeOauth4webapi } from './openid/by-oauth4webapi.ts';
import { describeOpenidClient } from './openid/by-openid-client.ts';
import { listenForLogouts, type LogoutListener } from './openid/logout-listener.ts';
import { listenForPings, type PingListener } from './openid/ping-listener.ts';
import { renderPage } from './openid/page.ts';
import { createCustomersRig } from './openid/customers-rig.ts';
import { customersPlans, plans } from './openid/plans.ts';
import { createRig, type Rig } from './openid/rig.ts';

/** What the issue asks for. */
const MODULES_MIN = 150;

let told: LogoutListener;
let toldOfCustomers: LogoutListener;
let pings: PingListener;
let apachePort: number;
let field: Battlefield;
let rig: Rig;
let customersRig: Rig;

beforeAll(async () => {
  told = await listenForLogouts();
  toldOfCustomers = await listenForLogouts();
  pings = await listenForPings();
  ({ server: apachePort } = await freePorts());
  const inside = [
    new URL(told.url).origin,
    new URL(toldOfCustomers.url).origin,
    new URL(pings.url).origin,
    `http://127.0.0.1:${apachePort}`,
  ];
  field = await openCompany({ internalLogoutOrigins: inside });
  const { admin, ...ofStaff } = await createRig(field.company, { pings, told });
  rig = ofStaff;
  customersRig = await createCustomersRig(field.company, {
    admin,
    pings,
    told: toldOfCustomers,
  });
});
afterAll(async () => {
  await field.close();
  await pings[Symbol.asyncDispose]();
  await told[Symbol.asyncDispose]();
  await toldOfCustomers[Symbol.asyncDispose]();
});

describe('the OpenID conformance suite, module by module', () => {
  describe.each(plans)('$title', ({ modules }) => {
    test.each(modules)('$name $does', async ({ run }) => {
      // Nothing is counted that checks nothing.
      expect.hasAssertions();
      await run(rig);
    });
  });

  test('is at least 150 modules, each once a plan', () => {
    expect(plans.flatMap(({ modules }) => modules).length).toBeGreaterThanOrEqual(MODULES_MIN);
    for (const { modules } of plans)
      expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length);
  });

  test('is what docs/reference/conformance.md says', async () => {
    await expect(renderPage(plans)).toMatchFileSnapshot('../../docs/reference/conformance.md');
  });
});

describe('the same at the customers’ issuer', () => {
  describe.each(customersPlans)('$title', ({ modules }) => {
    test.each(modules)('$name $does', async ({ run }) => {
      expect.hasAssertions();
      await run(customersRig);
    });
  });
});

describe('other people’s clients', () => {
  describeOpenidClient(() => rig);
  describeOauth4webapi(() => rig);
  describeApache(() => ({ rig, port: apachePort }));
});
