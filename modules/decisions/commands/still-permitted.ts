import { ProblemError, type Decision } from '@proofline/protocol';
import { FACTS_TIMEOUT_MS, type DecisionsContext } from '../context.ts';
import { basisLives } from '../domain/basis-lives.ts';
import { programsOf } from '../domain/programs-of.ts';
import type { Rested } from '../domain/prepared.ts';
import { findStop } from '../switches/commands/find-stop.ts';

/**
 * What a permit rests on may be this old when it is answered without another look. A revocation has two
 * seconds (P6), and the answer still has its way to the enforcement point before it.
 */
const RESTED_MAX_MS = 1_000;

/** Whether so much time has passed that the facts have to be looked at again. */
export function isLate({ clock }: Pick<DecisionsContext, 'clock'>, { atMs }: Pick<Rested, 'atMs'>) {
  return clock.now() - atMs > RESTED_MAX_MS;
}

/** Whether what a permit rested on lives now, and no switch stops it. */
export async function stillPermitted(
  context: DecisionsContext,
  { input, facts }: Pick<Rested, 'input' | 'facts'>,
): Promise<boolean> {
  const { providers, factsTimeoutMs: timeoutMs = FACTS_TIMEOUT_MS } = context;
  const lives = await basisLives({ input, facts, providers, timeoutMs });
  return (
    lives && (await findStop(context, { ...input, programs: programsOf(facts) })) === undefined
  );
}

/** Whether a decision can be answered as it was made: a slow disk or a full line may have held it up. */
export async function isAnswerable(
  context: DecisionsContext,
  decision: Pick<Decision, 'effect'>,
  rested: Rested,
): Promise<boolean> {
  if (decision.effect === 'deny' || !isLate(context, rested)) return true;
  return stillPermitted(context, rested);
}

/** @throws ProblemError `server.busy` where a permit came too late for what it rested on. */
export async function requireAnswerable(...args: Parameters<typeof isAnswerable>): Promise<void> {
  if (!(await isAnswerable(...args))) throw new ProblemError('server.busy');
}
