import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fixedClock, newId, type Id } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { drawCode, isSameCode } from './confirmation-code.ts';
import {
  confirm,
  open,
  register,
  renewCode,
  resume,
  supersede,
  type Onboarding,
} from './onboarding.ts';

const ports = { clock: fixedClock(), random: seededRandom('onboarding domain') };
const people = Array.from({ length: 4 }, () => newId('stf', ports));
const person = fc.constantFrom(...people);
const device = fc.constantFrom('phone', 'laptop', 'attacker');
const digits = fc.constantFrom('000001', '000002');

const step = fc.oneof(
  fc.record({ do: fc.constant('open' as const), device }),
  fc.record({ do: fc.constant('register' as const), device, digits }),
  fc.record({ do: fc.constant('renew' as const), digits }),
  fc.record({ do: fc.constant('confirm' as const), by: person }),
  fc.record({ do: fc.constant('supersede' as const) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 12 * 3_600_000 }) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(onboarding: Onboarding, nowMs: number, next: Step) {
  if (next.do === 'open') return open(onboarding, { device: next.device, nowMs });
  if (next.do === 'register') return register(onboarding, { ...next, nowMs });
  if (next.do === 'renew') return renewCode(onboarding, { digits: next.digits, nowMs });
  if (next.do === 'confirm') return confirm(onboarding, { by: next.by, role: 'auditor', nowMs });
  if (next.do === 'supersede') return supersede(onboarding);
  return undefined;
}

describe('the state machine of an onboarding', () => {
  it('never lets the inviter or the invitee confirm, a second device in, or a step happen twice', () => {
    const runs = fc.record({
      inviter: person,
      invitee: person,
      founding: fc.boolean(),
      steps: fc.array(step, { maxLength: 20 }),
    });
    fc.assert(
      fc.property(runs, ({ founding, inviter, invitee, steps }) => {
        let onboarding = sent({ founding, inviter, invitee });
        let nowMs = 0;
        const happened: Step[] = [];
        for (const next of steps) {
          if (next.do === 'wait') nowMs += next.ms;
          const taken = take(onboarding, nowMs, next);
          if (!taken?.ok) continue;
          expect(nowMs).toBeLessThan(next.do === 'supersede' ? Infinity : onboarding.expiresAtMs);
          onboarding = taken.value;
          happened.push(next);
        }
        const count = (name: Step['do']) => happened.filter((done) => done.do === name).length;
        for (const once of ['open', 'register', 'confirm'] as const) {
          expect(count(once)).toBeLessThanOrEqual(1);
        }
        const devices = happened.flatMap((done) => ('device' in done ? [done.device] : []));
        expect(new Set(devices).size).toBeLessThanOrEqual(1);
        expect(onboarding.confirmedBy).not.toBe(inviter);
        expect(onboarding.confirmedBy).not.toBe(invitee);
        if (onboarding.state !== 'confirmed') return;
        expect(count('register')).toBe(1);
        expect(count('confirm')).toBe(founding ? 0 : 1);
        expect(onboarding.code).toBeUndefined();
      }),
      { seed: 20261121, numRuns: 20_000 },
    );
  });

  it('reaches the end: three people, one device, in time', () => {
    const opened = open(sent({}), { device: 'laptop', nowMs: 0 });
    const registered = opened.ok && register(opened.value, { ...laptop, nowMs: 1 });
    const confirmed =
      registered &&
      registered.ok &&
      confirm(registered.value, { by: people[2]!, role: 'auditor', nowMs: 2 });
    expect(confirmed).toMatchObject({ ok: true, value: { state: 'confirmed', role: 'auditor' } });
  });

  it('a device that did not open it cannot resume it', () => {
    const opened = open(sent({}), { device: 'laptop', nowMs: 0 });
    if (!opened.ok) throw new Error(opened.error);
    expect(resume(opened.value, { device: 'attacker', nowMs: 1 })).toMatchObject({
      error: 'other-device',
    });
  });
});

const laptop = { device: 'laptop', digits: '000001' };

function sent(of: { founding?: boolean; inviter?: Id<'stf'>; invitee?: Id<'stf'> }): Onboarding {
  const { founding = false, invitee = people[1]!, inviter = people[0]! } = of;
  return {
    state: 'sent',
    subjectId: invitee,
    invitedBy: founding ? undefined : inviter,
    foundingRole: founding ? 'auditor' : undefined,
    expiresAtMs: 24 * 3_600_000,
    device: undefined,
    code: undefined,
    confirmedBy: undefined,
    role: undefined,
  };
}

describe('the confirmation code', () => {
  it('has six digits, none that is taken, and none more often than others', () => {
    const random = seededRandom('codes');
    const drawn = Array.from({ length: 20_000 }, () => drawCode(random, []));
    expect(drawn.every((code) => /^\d{6}$/.test(code))).toBe(true);
    for (const digit of '0123456789') {
      const share = drawn.filter((code) => code.startsWith(digit)).length / drawn.length;
      expect(share).toBeGreaterThan(0.09);
      expect(share).toBeLessThan(0.11);
    }
    const first = drawCode(seededRandom('again'), []);
    expect(drawCode(seededRandom('again'), [first])).not.toBe(first);
  });

  it('is the same only when it is the same', () => {
    expect(isSameCode('012345', '012345')).toBe(true);
    expect(isSameCode('012345', '012346')).toBe(false);
    expect(isSameCode('', '012345')).toBe(false);
  });
});
