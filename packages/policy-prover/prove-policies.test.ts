import {
  compileRelease,
  decide,
  decideAlone,
  parseInvariant,
  type ReleaseText,
} from '@proofline/policy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { productPolicies } from '../policy/testing/product-policies.ts';
import { provePolicies, SettledQuestions, type Proof } from './index.ts';
import { startSolver, type Solver } from './smt/solver.ts';
import {
  productInvariants,
  withoutForbids,
  withPolicy,
  withPrincipals,
} from './testing/product-invariants.ts';

const release = productPolicies();
const sound = compileRelease(release);
const invariants = productInvariants();

let solver: Solver;
beforeAll(async () => {
  solver = await startSolver();
});
afterAll(() => solver.close());

/** What is found out of the product’s policies, before any slip is made: it must hide none. */
const settled = new SettledQuestions();

test('every invariant of the product holds for every request', async () => {
  const proofs = await provePolicies(sound, invariants, { solver, settled });
  expect(proofs.filter(({ outcome }) => outcome !== 'holds')).toEqual([]);
  expect(proofs).toHaveLength(invariants.length);
});

test('what was proved is not asked again, and what a changed policy matters to is', async () => {
  const asked: string[] = [];
  const counting: Solver = {
    ...solver,
    check: (script, timeLimitMs) => {
      asked.push(script);
      return solver.check(script, timeLimitMs);
    },
  };
  const prove = async (of: ReleaseText) => {
    const set = compileRelease(of);
    const proofs = await provePolicies(set, invariants, { solver: counting, settled });
    return proofs.map(({ outcome }) => outcome);
  };
  await prove(release);
  const known = settled.all().length;
  asked.splice(0);
  expect(new Set(await prove(release))).toEqual(new Set(['holds']));
  expect(asked).toHaveLength(0);

  // One more policy for one action: the requests for it are asked about, and no others.
  const refund = 'forbid (principal, action == Proofline::Action::"refund:initiate", resource)';
  const narrower = `${refund} unless { context.request has amountCents };`;
  expect(new Set(await prove(withPolicy(release, narrower)))).toEqual(new Set(['holds']));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(known / 8);

  const slip = `${refund} when { context has approval && context.approval.approved };`;
  const outcomes = await prove(withPolicy(release, slip));
  expect(outcomes.filter((outcome) => outcome !== 'holds')).toEqual(['broken']);
});

const action = (name: string, principals: string, resource: string) =>
  `action "${name}" appliesTo { principal: [${principals}], resource: ${resource}, context: Facts };`;
const permit = (scope: string, name: string) =>
  `permit (principal ${scope}, action == Proofline::Action::"${name}", resource);`;

/** What makes each invariant break: a slip that somebody could make. */
const slips: Record<string, (release: ReleaseText) => ReleaseText> = {
  'nobody-can-bind-an-identity': (of) =>
    withPolicy(
      of,
      permit('in Proofline::Role::"security-admin"', 'authenticator:reset'),
      action('authenticator:reset', 'Staff', 'Staff'),
    ),
  'only-account-opening-begins-an-enrolment': (of) =>
    withPolicy(of, permit('is Proofline::Service', 'enrolment:invite')),
  'no-program-touches-accounts-people-or-policies': (of) =>
    withPolicy(
      of,
      permit('in Proofline::ServiceRole::"telephony"', 'account:repair'),
      action('account:repair', 'Staff, Service', 'Account'),
    ),
  'directories-give-roles-on-calls-only': (of) =>
    withPolicy(of, permit('in Proofline::ServiceRole::"provisioning"', 'provisioning:give-role')),
  'programs-reach-accounts-for-a-colleague-only': (of) =>
    withPolicy(of, permit('in Proofline::ServiceRole::"assistant"', 'invoice:read')),
  'nobody-acts-in-a-broken-chain': (of) => withoutForbids(of, /chain\.live/),
  'programs-keep-to-their-scopes': (of) => withoutForbids(of, /service\.permitsAction/),
  'no-program-puts-policies-in-force': (of) =>
    withPolicy(
      withPrincipals(of, 'policy:promote', '[Staff, Service]'),
      permit('in Proofline::ServiceRole::"pipeline"', 'policy:promote'),
    ),
  'only-pipelines-among-programs-propose-policies': (of) =>
    withPolicy(of, permit('is Proofline::Service', 'policy:propose')),
  'no-tool-is-permitted-what-its-agent-is-not': (of) =>
    withPolicy(
      of,
      permit('is Proofline::Tool', 'account:summarise'),
      `entity Tool;\n${action('account:summarise', 'Staff, Tool', 'Account')}`,
    ),
  'colleagues-act-in-a-live-session-only': (of) => withoutForbids(of, /session\.live/),
  'high-tier-needs-ones-own-fresh-proof': (of) => withoutForbids(of, /phrh?AgeSeconds/),
  'applications-are-registered-by-ones-own-fresh-security-key-only': (of) =>
    withoutForbids(of, /phrhAgeSeconds/),
  'programs-are-let-in-by-ones-own-fresh-security-key-only': (of) =>
    withoutForbids(of, /phrhAgeSeconds/),
  'accounts-open-on-ones-own-live-call-only': (of) => withoutForbids(of, /interaction\.state/),
  'accounts-open-by-their-own-customers-proof-only': (of) => withoutForbids(of, /proof\.purpose/),
  'fields-show-by-their-own-customers-proof-only': (of) =>
    withPolicy(
      of,
      `${permit('is Proofline::Staff', 'field:view').slice(0, -1)} when { context.category == "health" };`,
    ),
  'accounts-open-under-a-live-grant-only': (of) => withoutForbids(of, /context\.grant/),
  'accounts-change-by-a-fresh-proof-only': (of) => withoutForbids(of, /proof\.ageSeconds/),
  'large-refunds-take-a-second-person': (of) => withoutForbids(of, /approval\.byOther/),
  'large-credits-take-a-second-person': (of) => withoutForbids(of, /approval\.byOther/),
  'what-cannot-be-had-back-takes-a-second-person': (of) => withoutForbids(of, /approval\.byOther/),
  'money-moves-by-a-known-amount-only': (of) => withoutForbids(of, /amountCents > 0/),
  'what-is-closed-stays-closed': (of) => withoutForbids(of, /policyChange\.open/),
  'accounts-change-on-calls-without-guessed-codes-only': (of) => withoutForbids(of, /wrongCodes/),
  'what-weighs-is-done-by-somebody-who-stayed': (of) => withoutForbids(of, /leftAloneSeconds/),
  'supervisors-decide-at-their-own-desk-only': (of) =>
    withPolicy(of, permit('in Proofline::Role::"supervisor"', 'approval:decide')),
  'a-call-is-written-up-for-five-minutes-only': (of) =>
    withPolicy(of, permit('is Proofline::Staff', 'wrap-up:record')),
  'rules-and-stops-change-by-ones-own-fresh-proof-only': (of) =>
    withoutForbids(of, /phrh?AgeSeconds/),
  'policies-become-live-by-two-people': (of) => withoutForbids(of, /vouchedBySubject/),
  'nobody-is-their-own-second-person': (of) => withoutForbids(of, /proposedBySubject/),
  'break-glass-reads-one-record-for-one-person': (of) => withoutForbids(of, /openedByOther/),
  'break-glass-opens-data-never-identity': (of) =>
    withPolicy(
      of,
      permit('is Proofline::Staff', 'record:rebind'),
      action('record:rebind', 'Staff', 'EmergencyRecord'),
    ),
  'break-glass-shows-what-was-named': (of) =>
    withPolicy(
      of,
      `${permit('is Proofline::Staff', 'emergency-field:view').slice(0, -1)} when { context.category == "health" };`,
    ),
  'erasures-and-holds-take-two-people': (of) => withoutForbids(of, /requestedBySubject/),
  'break-glass-takes-three-people': (of) => withoutForbids(of, /broughtInBySubject/),
  'a-missing-fact-opens-nothing': (of) =>
    withPolicy(
      of,
      `forbid (principal, action == Proofline::Action::"self:read", resource)
         when { context has approval && !context.approval.approved };`,
    ),
};

test('every invariant of the product can break, and names the slip that breaks it', () => {
  expect(Object.keys(slips).toSorted()).toEqual(invariants.map(({ name }) => name).toSorted());
});

test.each(Object.entries(slips))('%s breaks, with a request that shows it', async (name, slip) => {
  const set = compileRelease(slip(release));
  const [proof] = await provePolicies(
    set,
    invariants.filter((one) => one.name === name),
    { solver, settled },
  );
  if (proof?.outcome !== 'broken') throw new Error(`${name} came out ${proof?.outcome}`);
  const { permitted, refused } = proof.counterexample;
  // An invariant is about one principal at a time; whoever acts for it is another.
  expect(decideAlone(set, permitted).effect).toBe('permit');
  if (refused === undefined) expect(decideAlone(sound, permitted).effect).toBe('deny');
  else expect(decideAlone(set, refused).effect).toBe('deny');
});

const refunds = parseInvariant({
  name: 'refunds',
  says: 'Nothing of this kind.',
  because: 'It is a test.',
  about: { actions: ['refund:initiate'] },
  claim: { never: true },
});

async function proveOne(of: ReleaseText, change: object, timeLimitMs = 5_000): Promise<Proof> {
  const one = parseInvariant({ ...refunds, ...change });
  const [proof] = await provePolicies(compileRelease(of), [one], { solver, timeLimitMs });
  return proof!;
}

test('a counterexample holds nothing that does not matter', async () => {
  const proof = await proveOne(release, {});
  if (proof.outcome !== 'broken') throw new Error(proof.outcome);
  const { permitted } = proof.counterexample;
  expect(permitted.principal).toEqual({ type: 'Staff', id: 'somebody' });
  for (const fact of Object.keys(permitted.context).filter((name) => name !== 'request')) {
    const { [fact]: _, ...context } = permitted.context;
    expect({ fact, effect: decide(sound, { ...permitted, context }).effect }).toEqual({
      fact,
      effect: 'deny',
    });
  }
});

test('a claim that errs is a claim that does not hold', async () => {
  const claim = {
    onlyWhen: 'context.request has amountCents && context.request.amountCents + 1 > 0',
  };
  const proof = await proveOne(withoutForbids(release, /amountCents/), { claim });
  expect(proof.outcome).toBe('broken');
});

test('an assumption narrows what is spoken of', async () => {
  const assuming = 'context has session && !context.session.live';
  expect((await proveOne(release, { assuming })).outcome).toBe('holds');
});

test('what cannot be encoded, read or finished is not decided, and never holds', async () => {
  const claim = { onlyWhen: 'context.nobody' };
  expect(await proveOne(release, { claim })).toMatchObject({
    outcome: 'not-decided',
    why: expect.stringContaining('does not fit to the schema'),
  });
  for (const condition of [
    'true } when { false',
    'true }; forbid (principal, action, resource',
    '(',
  ]) {
    expect((await proveOne(release, { claim: { onlyWhen: condition } })).outcome).toBe(
      'not-decided',
    );
  }
  const sets = {
    ...withPolicy(
      release,
      `forbid (principal, action == Proofline::Action::"refund:initiate", resource)
         when { context.request has marks && context.request.marks.contains({ n: 1 }) };`,
    ),
    schema: release.schema.replace(
      'amountCents?: Long',
      'amountCents?: Long, marks?: Set<{ n: Long }>',
    ),
  };
  expect(await proveOne(sets, {})).toMatchObject({
    outcome: 'not-decided',
    why: expect.stringContaining('a set of records'),
  });
});

test('what takes too long is not decided', async () => {
  // To break it would be to find the factors of a product of two large primes.
  const factors = `context.request has amountCents && context has proof &&
    context.request.amountCents > 1 && context.proof.ageSeconds > 1 &&
    context.request.amountCents * context.proof.ageSeconds == 9223371873002223329`;
  const open = withoutForbids(release, /proof\.ageSeconds|byOther/);
  const proof = await proveOne(open, { assuming: factors }, 40);
  expect(proof).toMatchObject({ outcome: 'not-decided', why: expect.stringContaining('no end') });
});
