import { describe, expect, it } from 'vitest';
import type { Role } from '@proofline/protocol';
import { roleChange } from './role-of-groups.ts';

const roles = { Billing: 'billing-agent', Support: 'support-agent', Leads: 'supervisor' } as const;
const permitted = new Set<Role>(['billing-agent', 'support-agent']);
const change = (role: Role | undefined, groups: string[], left: string[] = []) =>
  roleChange({ role, groups, left, roles, permitted });

describe('the role that groups make', () => {
  it('is the first one of the configuration that policy permits', () => {
    expect(change('support-agent', ['support', 'BILLING'])).toEqual({ give: 'billing-agent' });
    expect(change('support-agent', ['Leads', 'Support'])).toBeUndefined();
  });

  it('is never one that people give, and takes nobody out of one', () => {
    expect(change('billing-agent', ['Leads'])).toBeUndefined();
    expect(change('supervisor', ['Billing'])).toBeUndefined();
    expect(change('supervisor', [], ['Leads'])).toBeUndefined();
  });

  it('is withdrawn with the group that gave it, and only with that', () => {
    expect(change('billing-agent', [], ['Billing'])).toEqual({ withdraw: 'billing-agent' });
    expect(change('billing-agent', [], ['Support', 'Canteen'])).toBeUndefined();
    expect(change('billing-agent', ['Billing'], ['Billing'])).toBeUndefined();
    expect(change('billing-agent', ['Support'], ['Billing'])).toEqual({ give: 'support-agent' });
  });

  it('comes back to who has none any more', () => {
    expect(change(undefined, ['Support'])).toEqual({ give: 'support-agent' });
    expect(change(undefined, ['Leads'])).toBeUndefined();
  });
});
