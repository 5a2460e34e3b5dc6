import type { JsonObject } from '@proofline/kernel';
import { chainPlaces } from '@proofline/policy';
import type { DecisionInput, FactsProvider } from '../types.ts';
import { gatherFacts } from './gather-facts.ts';

/**
 * What can end while a permitted request is under way. Nothing else is asked again: a step-up grows
 * old and an approval is used up by the very permit, and both were good when it was given.
 */
const liveness: readonly (readonly [name: string, lives: (values: JsonObject) => boolean])[] = [
  ['session', ({ live }) => live === true],
  ['grant', ({ live }) => live === true],
  ['chain', ({ live }) => live === true],
  ['chain', ({ asIssued }) => asIssued === true],
  // A scope can be taken, and whoever answers for a program leave: of each that acts, and of one alone.
  ['chain', (values) => eachProgram(values, 'permitsAction')],
  ['chain', (values) => eachProgram(values, 'owned')],
  ['service', ({ permitsAction }) => permitsAction === true],
  ['service', ({ owned }) => owned === true],
  ['breakGlass', ({ live }) => live === true],
  ['interaction', ({ state }) => state !== 'ended'],
];

function eachProgram(chain: JsonObject, member: 'permitsAction' | 'owned'): boolean {
  return chainPlaces.every((place) => {
    const program = chain[place];
    // A fact is recorded as an object of members.
    return program === undefined || (program as JsonObject)[member] === true;
  });
}

/** A permit as it was given, and whom to ask about what it rested on. */
export interface Basis {
  readonly input: DecisionInput;
  /** The facts of then: fact name → members. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly providers: ReadonlyMap<string, FactsProvider>;
  readonly timeoutMs: number;
}

/**
 * Whether the session, the grant, the call and the programs that a permit rested on still live, and may
 * (P6). What it did not rest on is not asked for; what does not answer in time does not live (P7).
 */
export async function basisLives({ input, facts, providers, timeoutMs }: Basis): Promise<boolean> {
  const rested = liveness.filter(([name, lives]) => {
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
