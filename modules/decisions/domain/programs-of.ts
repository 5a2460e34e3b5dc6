import type { Json, JsonObject } from '@proofline/kernel';

const places = ['first', 'second', 'third'] as const;

/** The ids of the programs that act, in the order in which they were called, as the facts of a question say. */
export function programsOf(context: Readonly<Record<string, unknown>>): readonly string[] {
  const chain = context['chain'];
  return places.flatMap((place) => {
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
