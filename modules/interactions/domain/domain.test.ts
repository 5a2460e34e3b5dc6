import { seededRandom } from '@proofline/kernel/node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from './check.ts';
import { drawDigits } from './draw-digits.ts';
import { nextInteractionState, type InteractionState } from './interaction-state.ts';
import { challengeOf, readContext, writeContext, type SignedContext } from './proof-context.ts';
import { answerTable, askTable, declineTable, openTable } from './proof-pipeline.ts';
import { endOf, stateAt, type ProofRequestState } from './proof-request-state.ts';

const states: readonly ProofRequestState[] = [
  'open',
  'bound',
  'declined',
  'cancelled',
  'expired',
  'refused',
];

describe('a request’s state', () => {
  it('never changes after its end, and never becomes bound but by a proof', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom('proved', 'not-me', 'expired', 'toString'), fc.string())),
        (endings) => {
          let state: ProofRequestState = 'open';
          let first: string | undefined;
          for (const because of endings) {
            const next = endOf(state, because);
            expect(next === undefined).toBe(state !== 'open');
            first ??= because;
            state = next ?? state;
          }
          expect(state === 'bound').toBe(first === 'proved');
        },
      ),
    );
  });

  it.each(states)(
    '%s is seen as it is, but an open one is expired when its time is over',
    (state) => {
      const expiresAt = new Date(1_000);
      expect(stateAt({ state, expiresAt }, 999)).toBe(state);
      expect(stateAt({ state, expiresAt }, 1_000)).toBe(state === 'open' ? 'expired' : state);
    },
  );
});

it('a call that has ended never comes back', () => {
  const reached = new Set<InteractionState>(['ringing']);
  for (const state of reached) {
    for (const event of ['act', 'end'] as const) {
      const next = nextInteractionState(state, event);
      if (next) reached.add(next);
      expect(state === 'ended' ? next : undefined).toBeUndefined();
    }
  }
  expect([...reached]).toEqual(['ringing', 'live', 'ended']);
});

describe('the table', () => {
  it('checks the call before anything else, in both flows', () => {
    expect(askTable.slice(0, 2).map((row) => row.agent)).toEqual(['refuse', 'refuse']);
    expect(askTable.slice(0, 2).map((row) => row.customer)).toEqual(['refuse', 'refuse']);
  });

  it('never tells an agent what depends on the account that they typed', () => {
    const telling = askTable.filter((row) => row.agent && row.agent !== 'silence');
    // Facts as they are for an account that does not exist, and for one that cannot be asked.
    const nobody = { ...askFacts, customer: undefined };
    const busy = { ...askFacts, customer: busyCustomer };
    for (const facts of [nobody, busy]) expect(judge(telling, 'agent', facts)).toBeUndefined();
    expect(judge(askTable, 'agent', nobody)?.consequence).toBe('silence');
    expect(judge(askTable, 'agent', busy)?.consequence).toBe('silence');
  });

  it('answers an open request in time first of all, in every phase after asking', () => {
    for (const table of [openTable, answerTable, declineTable]) {
      for (const flow of ['agent', 'customer'] as const) {
        const facts = { ...askFacts, request: { state: 'bound', expiresAt: new Date(0) } };
        // The first check needs these members only.
        expect(judge(table as typeof declineTable, flow, facts as never)?.because).toBe('replayed');
      }
    }
  });
});

const askFacts = {
  nowMs: 0,
  call: { state: 'live', agentId: 'stf_a' as never, wrongCodes: 0 },
  askedBy: 'stf_a' as never,
  callHasOpenRequest: false,
  asksOnThisCall: 0,
  asksForThisAccount: 0,
  proved: undefined,
  accountNumber: 'C-1',
  codeIsWaiting: false,
  customer: undefined,
} as const;
const busyCustomer = {
  customerId: 'cus_a' as never,
  hasContact: false,
  hasPasskey: false,
  hasOpenRequest: true,
  asksWithinHour: 9,
};

it('digits are drawn evenly and keep their leading zeros', () => {
  const digits = drawDigits(seededRandom('digits'), 10_000);
  expect(digits).toMatch(/^\d{10000}$/);
  for (const digit of '0123456789') {
    expect(digits.split(digit).length - 1).toBeGreaterThan(850);
  }
});

describe('the signed context', () => {
  const context: SignedContext = {
    v: 1,
    tenant: 'acme',
    realm: 'https://customers.example',
    proofRequestId: 'prq_01k9h2m4zqe8vr5t7wx3yn6bcd' as never,
    interactionId: 'int_01k9h2m4zqe8vr5t7wx3yn6bcd' as never,
    caseId: 'cse_01k9h2m4zqe8vr5t7wx3yn6bcd' as never,
    agentId: 'stf_01k9h2m4zqe8vr5t7wx3yn6bcd' as never,
    agentName: 'Ana Ruiz',
    desk: 'Harbour',
    company: 'Meridian',
    purpose: 'billing',
    channel: 'call',
    callStartedAt: '2026-11-02T09:00:00.000Z',
    startedBy: 'agent',
    nonce: 'bm9uY2U',
    expiresAt: '2026-11-02T09:02:00.000Z',
  };

  it('has one spelling, whatever the order of its members', () => {
    const reversed = Object.fromEntries(Object.entries(context).toReversed());
    expect(writeContext(reversed as SignedContext)).toBe(writeContext(context));
    expect(readContext(writeContext(context))).toEqual(context);
  });

  it('has another challenge when any member is another', () => {
    const challenge = challengeOf(writeContext(context));
    for (const member of ['tenant', 'realm', 'agentName', 'desk', 'company', 'nonce'] as const) {
      expect(challengeOf(writeContext({ ...context, [member]: 'x' }))).not.toBe(challenge);
    }
  });
});
