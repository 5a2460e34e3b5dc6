import type { JsonObject } from '@proofline/kernel';
import type { DecisionInput, FactsProvider } from '../types.ts';
import { gatherFacts } from './gather-facts.ts';

/**
 * What can end while a permitted request is under way. Nothing else is asked again: a step-up grows
 * old and an approval is used up by the very permit, and both were good when it was given.
 */
const liveness: Readonly<Record<string, (values: JsonObject) => boolean>> = {
  session: ({ live }) => live === true,
  grant: ({ live }) => live === true,
  chain: ({ live }) => live === true,
  breakGlass: ({ live }) => live === true,
  interaction: ({ state }) => state !== 'ended',
};

/** A permit as it was given, and whom to ask about what it rested on. */
export interface Basis {
  readonly input: DecisionInput;
  /** The facts of then: fact name → members. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly providers: ReadonlyMap<string, FactsProvider>;
  readonly timeoutMs: number;
}

/**
 * Whether the session, the grant and the call that a permit rested on still live (P6). What it did
 * not rest on is not asked for; what does not answer in time does not live (P7).
 */
export async function basisLives({ input, facts, providers, timeoutMs }: Basis): Promise<boolean> {
  const rested = Object.entries(liveness).filter(([name, lives]) => {
    const values = facts[name];
    // A fact is recorded as an object of members.
    return typeof values === 'object' && values !== null && lives(values as JsonObject);
  });
  const asked = [...providers.values()].filter(({ name }) => rested.some(([of]) => of === name));
  const { known } = await gatherFacts(asked, input, timeoutMs);
  return rested.every(([name, lives]) => {
    const now = known.get(name);
    return now !== undefined && lives(now.values);
  });
}
