import { newId, systemClock, systemRandom } from '@proofline/kernel';
import type { Capability } from '@proofline/protocol';
import { expect, test } from 'vitest';
import { mayStillRead } from './may-still-read.ts';

const ports = { clock: systemClock, random: systemRandom };
const reader = { readerId: newId('stf', ports), sessionId: newId('ses', ports) };
const search: Capability = { action: 'evidence:search', allowed: true, remedies: [] };
const out: Capability = { action: 'evidence:export', allowed: true, remedies: [] };
const stepUp = { kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 900 } as const;
const approval = { kind: 'approval', action: 'evidence:export' } as const;

test.each([
  ['who may export', [search, out], true],
  ['whose proof has aged since', [search, { ...out, allowed: false, remedies: [stepUp] }], true],
  ['who may search and no longer export', [search, { ...out, allowed: false }], false],
  [
    'who would need more than a fresh proof',
    [search, { ...out, allowed: false, remedies: [stepUp, approval] }],
    false,
  ],
  [
    'whose session is over',
    [
      { ...search, allowed: false },
      { ...out, allowed: false, remedies: [stepUp] },
    ],
    false,
  ],
  ['of whom nothing is known', [], false],
] satisfies [string, Capability[], boolean][])(
  'a pass to the log is still good, or not, for somebody: %s',
  async (_, capabilities, isGood) => {
    expect(await mayStillRead({ preview: async () => capabilities }, reader)).toBe(isGood);
  },
);
