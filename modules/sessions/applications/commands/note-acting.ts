import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../../context.ts';
import type { SessionRow } from '../../store/tables.ts';
import { noteInApplication } from './note-in-application.ts';

interface Acting {
  readonly applicationId: Id<'app'>;
  readonly session: SessionRow;
  /** To whom the token was issued that it was called with. */
  readonly calledBy: Id<'app'>;
  readonly resource: string;
}

/** An application is about to act for somebody: an entry, before there is a token. Answers why not. */
export function noteActing(
  context: SessionsContext,
  { applicationId, calledBy, resource, session }: Acting,
): Promise<string | undefined> {
  const entry = { kind: 'application.acted', causes: [], facts: { calledBy, resource } } as const;
  return noteInApplication(context, { applicationId, session, entry });
}
