import { newId, fixedClock, type Id } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import {
  actionNames,
  stoppableDomains,
  SwitchTarget,
  unstoppableActions,
} from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { stopOf } from './domain/stop-of.ts';
import { switchedOff, type StandingSwitch } from './domain/switched-off.ts';

const ports = { clock: fixedClock(), random: seededRandom('switched-off') };
const NOW = ports.clock.now();
const ana = { type: 'Staff', id: newId('stf', ports) };
const bayo = { type: 'Staff', id: newId('stf', ports) };
const gateway = { type: 'Service', id: newId('svc', ports) };
const telephony = { type: 'Service', id: newId('svc', ports) };

const thrown = (target: SwitchTarget, expiresAtMs = NOW + 1): StandingSwitch => ({
  switchId: newId('swt', ports),
  target,
  reasonCode: 'exercise',
  expiresAtMs,
  evidenceId: newId('evt', ports),
});
const stops = (
  target: SwitchTarget,
  subject: { readonly type: string; readonly id: string },
  action: string,
) => switchedOff([thrown(target)], { subject, action }, NOW) !== undefined;

const refunds: SwitchTarget = { kind: 'action', action: 'refund:initiate' };
const everything: SwitchTarget = { kind: 'everything-but-reading' };
const onAna: SwitchTarget = { kind: 'agent', subjectId: ana.id };
const onGateway: SwitchTarget = { kind: 'service', serviceId: gateway.id };

describe('a switch stops', () => {
  it('one action, for everybody, and no other action', () => {
    expect(stops(refunds, ana, 'refund:initiate')).toBe(true);
    expect(stops(refunds, bayo, 'refund:initiate')).toBe(true);
    expect(stops(refunds, ana, 'account:read')).toBe(false);
  });
  it('one domain of actions: all of its verbs', () => {
    const target: SwitchTarget = { kind: 'domain', domain: 'account' };
    expect(stops(target, ana, 'account:read')).toBe(true);
    expect(stops(target, ana, 'account:read-public')).toBe(true);
    expect(stops(target, ana, 'invoice:read')).toBe(false);
  });
  it('one agent, whatever they do, and nobody else', () => {
    expect(stops(onAna, ana, 'account:read')).toBe(true);
    expect(stops(onAna, ana, 'grant:issue')).toBe(true);
    expect(stops(onAna, bayo, 'account:read')).toBe(false);
  });
  it('one service whole, what it asks and reports included', () => {
    for (const action of ['decision:evaluate', 'result:report', 'interaction:end']) {
      expect(stops(onGateway, gateway, action)).toBe(true);
      expect(stops(onGateway, telephony, action)).toBe(false);
    }
  });
  it('everything but reading and what it takes to read', () => {
    for (const action of ['refund:initiate', 'approval:decide', 'onboarding:invite', 'foreign']) {
      expect(stops(everything, ana, action)).toBe(true);
    }
    for (const action of ['account:read', 'case:list', 'grant:issue', 'proof:request']) {
      expect(stops(everything, ana, action)).toBe(false);
    }
    expect(stops(everything, gateway, 'decision:evaluate')).toBe(false);
    expect(stops(everything, gateway, 'result:report')).toBe(false);
  });
  it('until its last moment, and not in it', () => {
    const question = { subject: ana, action: 'refund:initiate' };
    const one = thrown(refunds, NOW + 1);
    expect(switchedOff([one], question, NOW)).toBe(one);
    expect(switchedOff([one], question, NOW + 1)).toBeUndefined();
  });
});

describe('no switch, whatever stands in the table,', () => {
  // Also such as no route takes: rows can be written by whoever holds the database.
  const hostile = [
    everything,
    onAna,
    ...stoppableDomains.map((domain) => ({ kind: 'domain', domain })),
    ...['evidence', 'switch', 'session', 'self'].map((domain) => ({ kind: 'domain', domain })),
    ...[...unstoppableActions].map((action) => ({ kind: 'action', action })),
  ] as SwitchTarget[]; // forged on purpose

  it.each([...unstoppableActions])('keeps a colleague from %s', (action) => {
    for (const target of hostile) expect(stops(target, ana, action)).toBe(false);
    expect(stopOf(undefined, { subject: ana, action }, NOW)).toBeUndefined();
  });
  it('can be thrown on lifting, on evidence or on sessions', () => {
    const forbidden = [
      ...[...unstoppableActions, 'decision:evaluate'].map((action) => ({ kind: 'action', action })),
      ...['switch', 'evidence', 'session', 'self', 'decision', 'result', 'person'].map(
        (domain) => ({ kind: 'domain', domain }),
      ),
    ];
    for (const target of forbidden) {
      expect([target, SwitchTarget.safeParse(target).success]).toEqual([target, false]);
    }
  });
});

describe('switches that cannot be read', () => {
  it('stop all but lifting, evidence and ending: reading too, because an agent may be stopped (P7)', () => {
    const open = actionNames.filter(
      (action) => stopOf(undefined, { subject: ana, action }, NOW) === undefined,
    );
    expect(open.toSorted()).toEqual([...unstoppableActions].toSorted());
  });
  it('stop every service whole', () => {
    for (const action of actionNames) {
      expect(stopOf(undefined, { subject: gateway, action }, NOW)?.reason.policy).toBe(
        'switch.unreadable',
      );
    }
  });
});

it('a stop names the switch and the code, and neither a person nor the note', () => {
  const one = thrown(onAna);
  const stop = stopOf([one], { subject: ana, action: 'account:read' }, NOW);
  expect(stop?.reason.policy).toBe(`switch.${one.switchId}`);
  expect(stop?.reason.text).toContain('an exercise');
  expect(stop?.reason.text).not.toContain(ana.id);
  expect(stop?.thrown).toEqual({ switchId: one.switchId, evidenceId: one.evidenceId });
  const unknown: Id<'swt'> | undefined = stopOf([], { subject: ana, action: 'x' }, NOW)?.thrown
    ?.switchId;
  expect(unknown).toBeUndefined();
});
