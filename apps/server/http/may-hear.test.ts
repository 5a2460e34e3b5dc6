import type { Id } from '@proofline/kernel';
import { roles, type Role } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { audiences, mayHear, type NoticeType } from './may-hear.ts';

const types = Object.keys(audiences) as NoticeType[]; // the table's own members
const id = (name: string) => `stf_${name}` as Id<'stf'>; // short, for reading

const situations = [
  { word: 'own', ownerId: id('me'), desk: 'Harbour' },
  { word: 'own, elsewhere', ownerId: id('me'), desk: 'Hill' },
  { word: 'desk', ownerId: id('ana'), desk: 'Harbour' },
  { word: 'elsewhere', ownerId: id('bo'), desk: 'Hill' },
] as const;

/** In which situations somebody who sits at the harbour, in this role, hears of it. */
const heard = (type: NoticeType, role: Role) =>
  situations
    .filter(({ ownerId, desk }) =>
      mayHear({ type, desk, ownerId }, { subjectId: id('me'), desk: 'Harbour', roles: [role] }),
    )
    .map(({ word }) => word);

const OWN = ['own', 'own, elsewhere'];
const DESK = ['own', 'desk'];
const BOTH = ['own', 'own, elsewhere', 'desk'];
const ALL = situations.map(({ word }) => word);

const STOPS = {
  'own-authenticators.changed': OWN,
  'sign-in-request.changed': OWN,
  'recovery.changed': OWN,
  'own-stop.changed': OWN,
  'stop.changed': ALL,
  'policies-in-force.changed': ALL,
} as const;

const CALLS = {
  'interaction.changed': OWN,
  'proof-request.changed': OWN,
  'approval.changed': OWN,
  ...STOPS,
} as const;

/** Role by role, so that the table is written twice, the other way round. Not named: not heard. */
const expected: Readonly<Record<Role, Partial<Record<NoticeType, readonly string[]>>>> = {
  'billing-agent': CALLS,
  'support-agent': CALLS,
  'senior-agent': { 'break-glass.changed': OWN, ...CALLS },
  'technical-agent': CALLS,
  'fraud-reviewer': { 'break-glass.changed': OWN, ...CALLS },
  'team-lead': {
    'interaction.changed': BOTH,
    'proof-request.changed': BOTH,
    'break-glass.changed': OWN,
    'onboarding.changed': DESK,
    'session.changed': DESK,
    ...STOPS,
  },
  supervisor: {
    'interaction.changed': BOTH,
    'proof-request.changed': BOTH,
    'approval.changed': BOTH,
    'break-glass.changed': BOTH,
    'session.changed': DESK,
    ...STOPS,
  },
  analyst: STOPS,
  'hr-officer': { 'onboarding.changed': ALL, 'session.changed': ALL, ...STOPS },
  'security-admin': {
    'break-glass.changed': ALL,
    'onboarding.changed': ALL,
    'session.changed': ALL,
    'switch.changed': ALL,
    'policy.changed': ALL,
    ...STOPS,
  },
  auditor: { 'break-glass.changed': ALL, 'policy.changed': ALL, ...STOPS },
};

const everyPair = types.flatMap((type) => roles.map((role) => ({ type, role })));

describe('who hears of what', () => {
  it.each(everyPair)('$type as $role', ({ type, role }) => {
    expect(heard(type, role)).toEqual(expected[role][type] ?? []);
  });

  it.each(types)('%s is heard by nobody who has no role, own or not', (type) => {
    for (const { ownerId, desk } of situations) {
      const listener = { subjectId: id('me'), desk: 'Harbour', roles: [] };
      expect(mayHear({ type, desk, ownerId }, listener)).toBe(false);
    }
  });

  it.each(everyPair)('$type of nobody in particular is nobody’s own ($role)', ({ type, role }) => {
    const listener = { subjectId: id('me'), desk: 'Harbour', roles: [role] };
    const isDesk = (expected[role][type] ?? []).includes('elsewhere');
    expect(mayHear({ type, desk: 'Hill' }, listener)).toBe(isDesk);
  });

  it('two roles hear what each of them hears, and no more', () => {
    for (const type of types) {
      const listener = {
        subjectId: id('me'),
        desk: 'Harbour',
        roles: ['auditor', 'team-lead'] as const,
      };
      const together = situations.filter(({ ownerId, desk }) =>
        mayHear({ type, desk, ownerId }, listener),
      );
      const either = new Set([...heard(type, 'auditor'), ...heard(type, 'team-lead')]);
      expect(together.map(({ word }) => word)).toEqual(ALL.filter((word) => either.has(word)));
    }
  });
});
