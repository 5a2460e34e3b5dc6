import type { JsonObject } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { newestProven, type NewestAsked } from './prove-entries.ts';

/**
 * The facts of the newest entry that is of one of these kinds and, where an id is named, holds it;
 * `undefined` when there is none. What is not under the log's signed head is none.
 */
export async function newestFacts(
  context: Context,
  asked: Omit<NewestAsked, 'db'>,
): Promise<JsonObject | undefined> {
  return (await newestProven(context, asked))?.facts;
}
