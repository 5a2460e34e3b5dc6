import type { Id } from '@proofline/kernel';
import { ProblemError, type ServiceCaller } from '@proofline/protocol';
import type { ScimContext } from '../scim-context.ts';

const WINDOW_MS = 60_000;
/** Entra asks for 25 a second. */
const REQUESTS_MAX = 1_500;

/** How often each directory asked in the minute that runs. */
export type RequestCounts = Map<string, { readonly startedAtMs: number; taken: number }>;

interface Asked {
  readonly caller: ServiceCaller;
  readonly decision: { readonly evidenceId: Id<'evt'> };
}

/**
 * Answers a request of a directory, at most 1,500 a minute for each. What is refused is written down
 * with its reason, for the evidence and the screen, ten times in ten minutes for each directory and
 * reason.
 *
 * @throws ProblemError `request.too-many`, and what `work` throws
 */
export async function answerRequest<T>(
  context: ScimContext & { readonly counts: RequestCounts },
  { caller, decision }: Asked,
  work: () => Promise<T>,
): Promise<T> {
  const { subjectId } = caller;
  count(context, subjectId);
  try {
    return await work();
  } catch (error) {
    if (error instanceof ProblemError && error.code.startsWith('scim.'))
      await recordRefused(context, { subjectId, because: error.code, cause: decision.evidenceId });
    throw error;
  }
}

function count(
  { clock, counts }: { readonly clock: ScimContext['clock']; readonly counts: RequestCounts },
  subjectId: string,
): void {
  const nowMs = clock.now();
  const running = counts.get(subjectId);
  if (!running || nowMs - running.startedAtMs >= WINDOW_MS) {
    counts.set(subjectId, { startedAtMs: nowMs, taken: 1 });
    return;
  }
  running.taken += 1;
  if (running.taken > REQUESTS_MAX) throw new ProblemError('request.too-many');
}

async function recordRefused(
  context: ScimContext,
  refused: { readonly subjectId: string; readonly because: string; readonly cause: Id<'evt'> },
): Promise<void> {
  const { because, cause, subjectId } = refused;
  const granted = context.budget.take(`scim:${subjectId}:${because}`);
  if (!granted) return;
  await context.storage.transaction(async (tx) => {
    const eventId = await context.ledger.record(tx, {
      kind: 'provisioning.refused',
      causes: [cause],
      subjects: { actor: subjectId },
      facts: { because, ...(granted.suppressed > 0 && granted) },
    });
    const at = new Date(context.clock.now());
    const kind = 'provisioning.refused';
    const about = undefined;
    await context.scim.events.record(tx, {
      eventId,
      connectionId: subjectId,
      at,
      kind,
      about,
      because,
    });
  });
}
