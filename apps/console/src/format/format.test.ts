import {
  inOrder,
  remedySentence,
  spanText,
  type Capability,
  type Remedy,
} from '@proofline/protocol';
import { describe, expect, test } from 'vitest';
import { NoAnswer, NotConfirmed, problemOf, Refusal } from '../api/refusal.ts';
import { controlFor, controlStateOf } from './control-state.ts';
import { amountOf, parseCents } from './money.ts';
import { noticeOf } from './notice.ts';
import { ageText, countdownText } from './time.ts';
import { shownText } from './total-text.ts';

const stepUp: Remedy = { kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 60 };
const proof: Remedy = { kind: 'customer.proof', maxAgeSeconds: 300 };
const approval: Remedy = { kind: 'approval', action: 'refund:initiate' };

describe('money', () => {
  test('sets number and unit apart', () => {
    expect(amountOf(123_450)).toEqual({ number: '1,234.50', unit: 'EUR' });
  });
  test.each([
    ['12', 1200],
    ['12.5', 1250],
    ['12,50', 1250],
    [' 0.01 ', 1],
  ])('reads %s', (text, cents) => expect(parseCents(text)).toBe(cents));
  test.each(['', '0', '0.00', '-1', '1.234', '1e3', '12.', 'abc', '12345678'])(
    'refuses “%s”',
    (text) => expect(parseCents(text)).toBeUndefined(),
  );
});

describe('how many there are', () => {
  const exactly = (count: number) => ({ count, isExact: true });
  const atLeast = { count: 1_000, isExact: false };
  test.each([
    [0, exactly(0), 1, 'None'],
    [12, exactly(12), 1, '12 in all'],
    [200, exactly(312), 1, '1–200 of 312'],
    [50, atLeast, 51, '51–100 of 1,000 or more'],
    // A page beyond those that are counted.
    [50, atLeast, undefined, '50 of 1,000 or more'],
    // The last page is not the whole list, though it may be as long as one.
    [2, exactly(4), 3, '3–4 of 4'],
  ] as const)('%i of %o from %s: %s', (...row) => {
    const [shown, total, first, text] = row;
    expect(shownText(shown, total, first)).toBe(text);
  });
});

describe('time', () => {
  test.each([
    [-5, '0 s'],
    [8_999, '8 s'],
    [125_000, '2 min 5 s'],
    [11_400_000, '3 h 10 min'],
  ])('says the age of %d ms', (ms, text) => expect(ageText(ms)).toBe(text));
  test.each([
    [272_000, '4:32'],
    [59_001, '1:00'],
    [0, '0:00'],
    [-1, '0:00'],
  ])('counts %d ms down', (ms, text) => expect(countdownText(ms)).toBe(text));
  test.each([
    [60, '60 seconds'],
    [300, '5 minutes'],
    [3600, '1 hour'],
    [90, '90 seconds'],
  ])('spells a span of %d s', (seconds, text) => expect(spanText(seconds)).toBe(text));
});

describe('remedies', () => {
  test('others come first, the own passkey last: it ages fastest', () => {
    expect(inOrder([stepUp, approval, proof]).map(({ kind }) => kind)).toEqual([
      'customer.proof',
      'approval',
      'agent.step-up',
    ]);
  });
  test('names the hardware when hardware is asked for', () => {
    expect(remedySentence({ ...stepUp, acr: 'phrh' })).toContain('security key');
  });
});

describe('the state of a control', () => {
  const capability = (over: Partial<Capability>): Capability => ({
    action: 'refund:initiate',
    allowed: false,
    remedies: [],
    ...over,
  });
  test('is open when it is allowed', () => {
    expect(controlStateOf(capability({ allowed: true })).kind).toBe('open');
  });
  test('is refused when the server says nothing: a screen never guesses', () => {
    expect(controlFor([], 'refund:initiate').kind).toBe('refused');
  });
  test('stays usable when all that is missing comes along the way', () => {
    const state = controlStateOf(capability({ remedies: [stepUp, approval] }));
    expect(state).toMatchObject({ kind: 'open-with', hint: expect.stringContaining('passkey') });
  });
  test('is refused with the next step when somebody else must act first', () => {
    const state = controlStateOf(
      capability({ reason: 'The proof is too old.', remedies: [stepUp, proof] }),
    );
    expect(state).toMatchObject({
      kind: 'refused',
      refusal: {
        reason: 'The proof is too old.',
        nextStep: `${remedySentence(proof)} ${remedySentence(stepUp)}`,
      },
      remedy: proof,
    });
  });
  test('is refused without a next step when nothing would help', () => {
    const state = controlStateOf(capability({ reason: 'Not your role.' }));
    expect(state).toEqual({ kind: 'refused', refusal: { reason: 'Not your role.' } });
  });
});

describe('a notice', () => {
  test('says why, the steps to take in their order, and the id to quote', () => {
    const error = new Refusal({
      ...problemOf('access.denied'),
      requestId: 'req_1',
      reasons: [{ policy: 'p', effect: 'permit', text: 'Needs an approval.' }],
      remedies: [stepUp, approval],
    });
    expect(noticeOf(error)).toEqual({
      kind: 'step',
      title: 'Needs a supervisor’s approval.',
      reasons: ['Needs an approval.'],
      nextStep: `${remedySentence(approval)} ${remedySentence(stepUp)}`,
      requestId: 'req_1',
    });
  });
  test('says a thing once: the reason that names what is needed is the heading', () => {
    const text = 'A refund of this size needs a supervisor’s approval.';
    const reasons = [{ policy: 'p', effect: 'forbid' as const, text }];
    const error = new Refusal({ ...problemOf('access.denied'), reasons, remedies: [approval] });
    expect(noticeOf(error)).toMatchObject({ title: text, reasons: [] });
  });
  test('is headed by the refusal only where nothing would turn it', () => {
    const title = (remedies: Remedy[]) =>
      noticeOf(new Refusal({ ...problemOf('access.denied'), remedies }));
    expect(title([])).toMatchObject({ kind: 'problem', title: 'This is not permitted.' });
    expect(title([{ ...proof, maxAgeSeconds: 86_400 }])).toMatchObject({
      kind: 'step',
      title: 'Needs the customer’s proof.',
      nextStep: 'Ask the customer to prove who they are.',
    });
    expect(title([proof])).toMatchObject({
      title: 'Needs the customer’s fresh proof.',
      nextStep: expect.stringContaining('5 minutes old at most'),
    });
  });
  test('uses the public text, never what a server wrote in its place', () => {
    const error = new Refusal({ ...problemOf('server.failed'), title: 'stack at line 1' });
    expect(JSON.stringify(noticeOf(error))).not.toContain('stack');
  });
  test('promises that nothing typed is lost when the person did not confirm', () => {
    expect(noticeOf(new NotConfirmed()).nextStep).toContain('still here');
  });
  test('assumes nothing when there was no answer', () => {
    expect(noticeOf(new NoAnswer('x')).title).toContain('Nothing is assumed');
    const silent = noticeOf(new NoAnswer('x', 'not-known'));
    expect([silent.title, ...silent.reasons].join(' ')).toMatch(/does not answer.*may still be/);
    expect(silent.helpPath).toBeUndefined();
    expect(noticeOf(new NoAnswer('x', 'not-read')).reasons.join(' ')).toMatch(
      /nothing was changed/,
    );
    expect(noticeOf(new NoAnswer('x', 'not-sent')).title).toContain('nothing was sent');
  });
});
