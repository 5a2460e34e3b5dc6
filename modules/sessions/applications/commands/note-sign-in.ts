import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../../context.ts';
import { satisfiesAcr, type AssuranceStatement } from '../../domain/levels.ts';
import type { SessionRow } from '../../store/tables.ts';
import { noteUse } from '../store/application-rows.ts';
import { noteInApplication } from './note-in-application.ts';

const noteEveryMs = 60_000;

interface SignIn {
  readonly applicationId: Id<'app'>;
  readonly session: SessionRow;
  readonly statement: AssuranceStatement;
  /** What led to it besides. */
  readonly because?: Id<'evt'> | undefined;
  /** What the person agreed to besides. */
  readonly asked?: Readonly<Record<string, string | string[]>>;
  /** Why it is not to be after all, looked at where it is written down. */
  readonly holds?: (tx: Db) => Promise<string | undefined>;
}

/**
 * A code is about to give a token (or a SAML assertion): the session remembers the application, and each
 * such sign-in is an entry. Answers why not, where the session or the application is over by now, or proof
 * or machine are not what the application’s policy of this moment takes: no token then.
 */
export function noteSignIn(
  context: SessionsContext,
  { applicationId, asked, because, holds, session, statement }: SignIn,
): Promise<string | undefined> {
  const { tenant } = context;
  const at = new Date(context.clock.now());
  const { acr, authTime } = statement;
  return noteInApplication(context, {
    applicationId,
    session,
    entry: {
      kind: 'application.signed-in',
      causes: because ? [because] : [],
      facts: { acr, authTime, ...asked },
    },
    async besides(tx, { lastUsedAt, policy }) {
      if (!satisfiesAcr(acr, [policy.acr]))
        return 'the application asks for a stronger proof by now';
      const lastUsedMs = lastUsedAt?.getTime() ?? 0;
      if (at.getTime() - lastUsedMs >= noteEveryMs)
        await noteUse(tx, tenant, { applicationId, at });
      return holds?.(tx);
    },
  });
}
