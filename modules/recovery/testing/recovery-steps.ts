import fc from 'fast-check';
import { CAST_SIZE } from './recovery-cast.ts';

const who = fc.nat({ max: CAST_SIZE - 1 });
const which = fc.nat({ max: 3 });
const browser = fc.constantFrom('subject', 'attacker' as const);
/** What anybody tries, at anything, in any order. */
export const anyStep = fc.oneof(
  fc.record({ do: fc.constant('start' as const), browser }),
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('vouch' as const),
      who,
      which,
      // The context that was signed: an honest signature may be presented elsewhere.
      signed: which,
      as: fc.constantFrom('contact' as const, 'officer' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('code' as const), browser, which }) },
  fc.record({ do: fc.constant('guess' as const), which, times: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ do: fc.constant('make-code' as const) }),
  // Whoever sat down at a customer’s open session brings their own people along.
  fc.record({ do: fc.constant('choose' as const) }),
  fc.record({
    do: fc.constant('cancel' as const),
    who,
    which,
    link: fc.option(which),
    touched: fc.boolean(),
  }),
  // Whoever stole a session cancels whatever its owner begins, again and again; or somebody signs alone,
  // again and again, and the owner has nothing but the links.
  fc.record({
    do: fc.constant('hinder' as const),
    times: fc.integer({ min: 1, max: 8 }),
    signer: fc.option(who, { freq: 2 }),
  }),
  fc.record({ do: fc.constant('leave' as const), who }),
  { weight: 5, arbitrary: fc.record({ do: fc.constant('complete' as const), browser, which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      hours: fc.constantFrom(1, 5, 23, 24, 25, 71, 73),
      // The server was down meanwhile.
      unseen: fc.boolean(),
    }),
  },
  fc.record({ do: fc.constant('set-back' as const), hours: fc.constantFrom(25, 60) }),
  { weight: 3, arbitrary: fc.record({ do: fc.constant('set-right' as const) }) },
  // A whole course, which otherwise few sequences get through.
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('course' as const),
      browser,
      code: fc.boolean(),
      signers: fc.array(who, { maxLength: 4 }),
      completes: fc.boolean(),
    }),
  },
);
/** A step of one kind. */
export type StepOf<D> = Extract<
  typeof anyStep extends fc.Arbitrary<infer T> ? T : never,
  { do: D }
>;
/** One of {@link anyStep}. */
export type ModelStep = StepOf<string>;
