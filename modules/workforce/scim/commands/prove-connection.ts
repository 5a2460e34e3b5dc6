import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError, type ServiceCaller } from '@proofline/protocol';
import { bearerTokenOf } from '../domain/provisioning-token.ts';
import type { ScimContext } from '../scim-context.ts';

const TOUCH_MS = 60_000;

/**
 * Who sends a token of a connection. It is looked up at every request, so that an ended one is worth
 * nothing at the next.
 *
 * @throws ProblemError `token.invalid`, for whatever is wrong with it
 */
export async function proveConnection(
  context: ScimContext,
  authorization: string | undefined,
): Promise<ServiceCaller> {
  const { db } = context.storage;
  const text = bearerTokenOf(authorization);
  const token = text && (await context.scim.connections.findToken(db, sha256Base64url(text)));
  if (!token) throw new ProblemError('token.invalid', { internal: 'no such provisioning token' });
  const at = new Date(context.clock.now());
  const connection = await context.scim.connections.find(db, token.connectionId);
  if (token.expiresAt <= at || !connection || connection.endedAt !== undefined)
    throw new ProblemError('token.invalid', { internal: 'the provisioning token has ended' });
  if (at.getTime() - (token.lastUsedAt?.getTime() ?? 0) >= TOUCH_MS) {
    await context.scim.connections.recordUse(db, token, at);
  }
  return { kind: 'service', subjectId: connection.connectionId, role: 'provisioning' };
}
