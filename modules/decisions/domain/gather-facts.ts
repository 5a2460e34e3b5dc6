import type { Stop } from '../switches/domain/stop-of.ts';
import type { DecisionInput, Facts, FactsProvider } from '../types.ts';

/** What the providers knew in time: name → facts, and the names of those that did not answer. */
export interface GatheredFacts {
  readonly known: ReadonlyMap<string, Facts>;
  /** Late or failing providers. Their facts are absent, which opens nothing (P7). */
  readonly unknown: readonly string[];
  /** When the asking began: no fact is older than that. */
  readonly atMs: number;
  /** Why the policies are not asked at all. */
  readonly stop?: Stop | undefined;
}

/** Asks every provider at once. Never throws and never takes longer than the limit. */
export async function gatherFacts(
  providers: Iterable<FactsProvider>,
  input: DecisionInput,
  timeoutMs: number,
): Promise<Pick<GatheredFacts, 'known' | 'unknown'>> {
  // An object of this gathering alone, which providers of one owner may know each other by.
  const question = { ...input };
  const asked = await Promise.all(
    [...providers].map(async (provider) => ({
      name: provider.name,
      whenLate: provider.whenLate,
      answer: await answerInTime(provider, question, timeoutMs),
    })),
  );
  const known = new Map<string, Facts>();
  const unknown: string[] = [];
  for (const { name, answer, whenLate } of asked) {
    if (answer === 'late') unknown.push(name);
    const facts = answer === 'late' ? whenLate && { values: whenLate } : answer;
    if (facts) known.set(name, facts);
  }
  return { known, unknown: unknown.toSorted() };
}

async function answerInTime(
  provider: FactsProvider,
  input: DecisionInput,
  timeoutMs: number,
): Promise<Facts | undefined | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), timeoutMs);
  });
  try {
    return await Promise.race([provider.gather(input), late]);
  } catch {
    // A provider that fails knows nothing; its own module says why in its own log.
    return 'late';
  } finally {
    clearTimeout(timer);
  }
}
