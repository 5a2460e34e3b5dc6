import fc from 'fast-check';
import { dataCategories } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { chainPlaces, linksOf } from './chain.ts';
import { decideAlone, permits } from './decide.ts';
import { compileRelease, decide, fieldPlan, remedies, type Question } from './index.ts';
import { productCases, productPolicies } from './testing/product-policies.ts';
import { randomQuestion } from './testing/random-question.ts';

const set = compileRelease(productPolicies());
const seed = 20_261_122;

function questionOf(name: string): Question {
  const one = productCases().find((candidate) => candidate.name === name);
  if (one === undefined) throw new Error(`there is no case ${name}`);
  return { ...one.question, context: one.facts };
}
const reading = questionOf('chain-of-two-assistants-reads-invoices');
const withChain = (chain: object): Question => ({
  ...reading,
  context: JSON.parse(JSON.stringify({ ...reading.context, chain })),
});
const chainOf = ({ context }: Question) => context['chain'] as Record<string, object>;

const roll = fc.integer({ min: 0, max: 7 }).map((drawn) => drawn > 0);
const program = fc.record({
  id: fc.constantFrom('svc_one', 'svc_two'),
  name: fc.constantFrom('One', 'Two'),
  role: roll.map((usual) => (usual ? 'assistant' : 'gateway')),
  permitsAction: roll,
  owned: roll,
});
/** A question that is permitted but for what is wrong with who acts. */
const chainedQuestion: fc.Arbitrary<Question> = fc
  .record({
    action: fc.constantFrom('invoice:read', 'usage:read', 'account:read', 'refund:initiate'),
    roles: fc.constantFrom(['billing-agent'], ['billing-agent'], ['hr-officer']),
    programs: fc.array(program, { minLength: 1, maxLength: 3 }),
    live: roll,
    asIssued: roll,
  })
  .map(({ action, roles, programs, ...chain }) => {
    const named = Object.fromEntries(programs.map((one, place) => [chainPlaces[place], one]));
    const question = withChain({ ...chain, ...named });
    const staff = { roles, desk: 'Harbour', active: true };
    return { ...question, action, context: { ...question.context, staff } };
  });

describe('a chain decides as one', () => {
  it('and is permitted what each of its links is, and nothing else', () => {
    const counts = { permitted: 0, stopped: 0 };
    fc.assert(
      fc.property(fc.oneof(randomQuestion, chainedQuestion), (question) => {
        const alone = linksOf(question).map(
          (link) => decideAlone(set, link.question).effect === 'permit',
        );
        const all = alone.every((one) => one);
        expect(decide(set, question).effect === 'permit').toBe(all);
        expect(permits(set, question)).toBe(all);
        if (all && alone.length > 1) counts.permitted += 1;
        if (!all && alone[0]) counts.stopped += 1;
      }),
      { seed, numRuns: 1_000 },
    );
    // Both happened: a chain that was permitted, and one that was stopped by a program alone.
    expect(Math.min(counts.permitted, counts.stopped)).toBeGreaterThan(20);
  });

  it('shows what each of them may see, and masks what one of them may see masked only', () => {
    const whole = ({ visible }: ReturnType<typeof fieldPlan>) => new Set(visible);
    const plan = fieldPlan(set, reading, dataCategories);
    for (const { question } of linksOf(reading)) {
      const { chain: _, ...alone } = question.context;
      const context = question.principal.type === 'Staff' ? alone : question.context;
      const own = fieldPlan(set, { ...question, context }, dataCategories);
      for (const category of plan.visible) expect(whole(own)).toContain(category);
      for (const category of own.hidden) expect(plan.hidden).toContain(category);
    }
    expect(plan.masked).toEqual(['contact', 'payment-last4']);
  });

  it('names the program that was the reason, and the person before it', () => {
    const texts = (name: string) => decide(set, questionOf(name)).reasons.map(({ text }) => text);
    expect(texts('chain-keeps-to-the-scopes-of-each-link')).toEqual([
      '“Invoice reader” acts for you. This program was not given the scope for that.',
    ]);
    expect(texts('chain-opens-nothing-that-its-colleague-may-not')).toEqual([
      'Nothing opens this for you here.',
    ]);
  });

  it('asks the person for a remedy that would do for all, and for none that a program lacks', () => {
    const unproved = questionOf('chain-asks-its-colleague-for-the-callers-proof');
    expect(remedies(set, unproved)).toEqual([{ kind: 'customer.proof', maxAgeSeconds: 86_400 }]);
    const { first, ...rest } = chainOf(unproved);
    const chain = { ...rest, first: { ...first, permitsAction: false } };
    expect(remedies(set, { ...unproved, context: { ...unproved.context, chain } })).toEqual([]);
  });
});

describe('a chain that is none', () => {
  const known = chainOf(reading);
  it.each([
    ['nobody in it', { live: true, asIssued: true }],
    ['a gap', { live: true, asIssued: true, second: known['second'] }],
    ['a fourth program', { ...known, third: known['first'], fourth: known['first'] }],
    ['a program without its facts', { ...known, second: { id: 'svc_x', name: 'X' } }],
    ['a list in place of a program', { ...known, second: [known['second']] }],
    ['text', 'svc_x'],
  ])('is refused: %s', (_name, chain) => {
    expect(decide(set, withChain(chain as object)).effect).toBe('deny');
    expect(fieldPlan(set, withChain(chain as object), dataCategories).visible).toEqual([]);
  });

  it.each([{ live: false }, { asIssued: false }, { live: false, asIssued: false }])(
    'opens nothing where no policy says so: %o',
    (broken) => {
      const { policies, ...rest } = productPolicies();
      const without = policies.filter(({ path }) => !path.includes('chain'));
      expect(without).toHaveLength(policies.length - 1);
      const weak = compileRelease({ ...rest, policies: without });
      expect(permits(weak, reading)).toBe(true);
      const question = withChain({ ...known, ...broken });
      expect(decide(weak, question)).toMatchObject({
        effect: 'deny',
        forbidden: true,
        reasons: [{ policy: 'enforcement.chain-broken' }],
      });
      expect(permits(weak, question)).toBe(false);
      expect(remedies(weak, question)).toEqual([]);
      expect(fieldPlan(weak, question, dataCategories).hidden).toEqual(dataCategories);
    },
  );

  it('has three places, and whoever stands in one is asked about', () => {
    for (const place of chainPlaces) {
      const chain = { ...known, third: known['first'] } as Record<string, object>;
      chain[place] = { ...chain[place], role: 'telephony' };
      expect(decide(set, withChain(chain)).effect).toBe('deny');
    }
  });
});
