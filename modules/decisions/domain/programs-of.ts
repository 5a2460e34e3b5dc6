import type { Json, JsonObject } from '@proofline/kernel';
import { chainPlaces } from '@proofline/policy';
import type { Facts } from '../types.ts';

/** The ids of the programs that act, in the order in which they were called, as the facts of a question say. */
export function programsOf(context: Readonly<Record<string, unknown>>): readonly string[] {
  const chain = context['chain'];
  return chainPlaces.flatMap((place) => {
    const program = memberOf(chain, place);
    const id = memberOf(program, 'id');
    return typeof id === 'string' ? [id] : [];
  });
}

/**
 * Who acted, as it stands in the log in clear: the ids of those whom the facts vouch for as acting. Of whoever was
 * merely said to act, it says that there was one (P8).
 */
export function programsInClear(chain: Facts | undefined): readonly string[] {
  const acting = new Set(Object.values(chain?.subjects ?? {}));
  return programsOf({ chain: chain?.values }).map((id) => (acting.has(id) ? id : 'unknown'));
}

function memberOf(value: unknown, name: string): Json | undefined {
  const isRecord = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
  // Facts are JSON.
  return isRecord ? (value as JsonObject)[name] : undefined;
}
