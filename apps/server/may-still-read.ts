import type { Decisions } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';

/** Who was given a pass to the log, and in which session. */
export interface PassReader {
  readonly readerId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
}

/**
 * A pass is good for no longer than its session and the right that gave it, whatever that may do now (P6).
 * That the reader's own proof has aged since is no reason to end it: it was fresh when the pass was given.
 */
export async function mayStillRead(
  { preview }: Pick<Decisions, 'preview'>,
  { readerId, sessionId }: PassReader,
): Promise<boolean> {
  const subject = { type: 'Staff', id: readerId };
  const resource = { type: 'Evidence', id: '*' };
  const asked = await preview({ subject, sessionId, resource }, [
    'evidence:search',
    'evidence:export',
  ]);
  // Of a session that has ended a fresh proof would be missing as well: what needs none tells the two apart.
  const search = asked.find(({ action }) => action === 'evidence:search');
  const out = asked.find(({ action }) => action === 'evidence:export');
  if (!out || search?.allowed !== true) return false;
  const isAged = out.remedies.length > 0 && out.remedies.every(isFreshProof);
  return out.allowed || isAged;
}

function isFreshProof({ kind }: { readonly kind: string }): boolean {
  return kind === 'agent.step-up';
}
