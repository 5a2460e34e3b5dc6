import type { DecisionsContext } from '../../context.ts';
import { stopOf, type Stop } from '../domain/stop-of.ts';
import type { StoppableQuestion } from '../domain/switched-off.ts';

/** The stop of a question now, as this node knows it. */
export async function findStop(
  context: DecisionsContext,
  question: StoppableQuestion,
): Promise<Stop | undefined> {
  const switches = await context.switches.standing();
  return stopOf(switches, question, context.clock.now());
}
