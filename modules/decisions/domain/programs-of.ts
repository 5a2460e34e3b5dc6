import type { Json, JsonObject } from '@proofline/kernel';
import { chainPlaces } from '@proofline/policy';

/** The ids of the programs that act, in the order in which they were called, as the facts of a question say. */
export function programsOf(context: Readonly<Record<string, unknown>>): readonly string[] {
  const chain = context['chain'];
  return chainPlaces.flatMap((place) => {
    const program = memberOf(chain, place);
    const id = memberOf(program, 'id');
    return typeof id === 'string' ? [id] : [];
  });
}

function memberOf(value: unknown, name: string): Json | undefined {
  const isRecord = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  // Facts are JSON.
  return isRecord ? (value as JsonObject)[name] : undefined;
}
