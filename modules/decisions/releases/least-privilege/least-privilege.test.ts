import { parsePolicies } from '@proofline/cedar';
import { ProblemError, type CandidateSummary } from '@proofline/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { productPolicies } from '../../../../packages/policy/testing/product-policies.ts';
import { releasesWorld } from '../testing/releases-world.ts';
import { rolePermits } from './held-actions.ts';
import { takeOut } from './take-out.ts';

let world: Awaited<ReturnType<typeof releasesWorld>> | undefined;
afterEach(async () => {
  await world?.storage.close();
  world = undefined;
});

const product = productPolicies();

describe('taking an action out of a text', () => {
  test('of the product’s own policies leaves the rest of each file to the letter', () => {
    const permits = rolePermits(product);
    expect(permits.length).toBeGreaterThan(20);
    for (const { role, path, policyId, actions } of permits) {
      const file = product.policies.find((one) => one.path === path);
      for (const action of actions) {
        const narrower = takeOut(file!, [{ role, action }]);
        const after = rolePermits({ schema: '', policies: [narrower!] });
        const left = after.find((one) => one.policyId === policyId)?.actions ?? [];
        expect([policyId, left]).toEqual([policyId, actions.filter((one) => one !== action)]);
        const comments = (text: string) => text.split('\n').filter((line) => line.startsWith('//'));
        expect(comments(narrower!.text)).toEqual(comments(file!.text));
      }
    }
  });

  test('is not fooled by a text that looks like a scope, and leaves it to a person', () => {
    const text = `@id("role.x") @reason("Say action in [this].")
permit (principal in Proofline::Role::"auditor",
  action in [Proofline::Action::"a:b", Proofline::Action::"c:d"], resource);`;
    const file = { path: 'roles/x.cedar', text };
    expect(takeOut(file, [{ role: 'auditor', action: 'a:b' }])).toBeUndefined();
    expect(takeOut(file, [{ role: 'supervisor', action: 'a:b' }])?.text.trim()).toBe(text);
  });

  test('takes a permit whole when nothing is left of it, and nothing else', () => {
    const text = `// Kept.
@id("role.a") @reason("A.")
permit (principal in Proofline::Role::"auditor", action == Proofline::Action::"a:b", resource);

@id("role.b") @reason("B.")
forbid (principal in Proofline::Role::"auditor", action == Proofline::Action::"a:b", resource);
`;
    const left = takeOut({ path: 'roles/x.cedar', text }, [{ role: 'auditor', action: 'a:b' }]);
    expect(parsePolicies(left!.text).map(({ policy }) => policy.annotations['id'])).toEqual([
      'role.b',
    ]);
    expect(left?.text).toMatch(/^\/\/ Kept\./);
  });
});

describe('least privilege from use', () => {
  type Unused = {
    readonly from: string;
    readonly decisions: number;
    readonly roles: readonly {
      readonly role: string;
      readonly held: readonly { action: string; uses: number; keptBecause?: string }[];
    }[];
  };
  async function open() {
    world = await releasesWorld();
    const { call } = world;
    return {
      ...world,
      unused: async (query: object = {}) => {
        const found = await call<Unused>('policies.unused', { query: { days: 30, ...query } });
        return (role: string, action: string) =>
          found.roles.find((one) => one.role === role)?.held.find((one) => one.action === action);
      },
      narrow: (remove: readonly object[], dropCases = false) =>
        call<CandidateSummary>('policies.propose-narrower', {
          body: { days: 30, remove, dropCases, note: 'Least privilege.' },
        }),
    };
  }

  test('counts what was permitted in a role, at a desk, within the days; a denial is no use', async () => {
    const { decisions, ask, known, unused, clock } = await open();
    await decisions.decide(ask('invoice:read'));
    known['proof'] = undefined;
    await decisions.decide(ask('account:read'));
    const of = await unused();
    expect(of('billing-agent', 'invoice:read')).toMatchObject({ uses: 1 });
    expect(of('billing-agent', 'account:read')).toMatchObject({ uses: 0 });
    expect(of('support-agent', 'account:read-public')).toMatchObject({ uses: 0 });
    // Not recorded by themselves, so nothing can be said of them.
    expect(of('fraud-reviewer', 'field:view')).toBeUndefined();
    const elsewhere = await unused({ desk: 'Northgate' });
    expect(elsewhere('billing-agent', 'invoice:read')).toMatchObject({ uses: 0 });
    clock.advance(31 * 86_400_000);
    expect((await unused())('billing-agent', 'invoice:read')).toMatchObject({ uses: 0 });
  });

  test('proposes a correct set without it, and shows the named cases that contradict', async () => {
    const { decisions, ask, narrow } = await open();
    await decisions.decide(ask('account:read'));
    const candidate = await narrow([{ role: 'billing-agent', action: 'invoice:read' }]);
    expect(candidate.outcome.failed.map(({ name }) => name)).toContain(
      'billing-agent-reads-invoices',
    );
    await decisions.follow();
    expect((await decisions.decide(ask('invoice:read'))).effect).toBe('permit');
  });

  test('leaves out the cases that contradict where that was asked for, tells which, and no other', async () => {
    const { decisions, ask, narrow } = await open();
    await decisions.decide(ask('account:read'));
    const remove = [{ role: 'billing-agent', action: 'invoice:read' }];
    const { outcome: contradicted } = await narrow(remove);
    const { outcome, drops } = await narrow(remove, true);
    expect(outcome.failed).toEqual([]);
    expect(drops.cases.names).toEqual(contradicted.failed.map(({ name }) => name));
    expect(outcome.passed).toBe(contradicted.passed);
  });

  test('takes nothing that was used meanwhile, that nobody holds, or that is for emergencies', async () => {
    const { decisions, ask, narrow, unused } = await open();
    await decisions.decide(ask('invoice:read'));
    expect((await unused())('security-admin', 'switch:throw')?.keptBecause).toMatch(/emergencies/);
    for (const one of [
      { role: 'billing-agent', action: 'invoice:read' },
      { role: 'auditor', action: 'refund:initiate' },
      { role: 'security-admin', action: 'switch:throw' },
    ]) {
      const code = await narrow([one]).catch((error: unknown) =>
        error instanceof ProblemError ? error.code : String(error),
      );
      expect(code).toBe('policy.moved-on');
    }
  });
});
