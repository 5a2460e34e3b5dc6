import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCompany, type Battlefield } from '../attacks/open-company.ts';
import { renderPage } from './openid/page.ts';
import { plans } from './openid/plans.ts';
import { createRig, type Rig } from './openid/rig.ts';

let field: Battlefield;
let rig: Rig;

beforeAll(async () => {
  field = await openCompany();
  rig = await createRig(field.company);
});
afterAll(() => field.close());

describe('the OpenID conformance suite, module by module', () => {
  describe.each(plans)('$title', ({ modules }) => {
    test.each(modules)('$name $does', async ({ run }) => {
      // Nothing is counted that checks nothing.
      expect.hasAssertions();
      await run(rig);
    });
  });

  test('has each module once a plan', () => {
    for (const { modules } of plans)
      expect(new Set(modules.map(({ name }) => name)).size).toBe(modules.length);
  });

  test('is what docs/reference/conformance.md says', async () => {
    await expect(renderPage(plans)).toMatchFileSnapshot('../../docs/reference/conformance.md');
  });
});
