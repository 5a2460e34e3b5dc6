import { sql } from 'kysely';
import type { Db } from '@proofline/storage';
import { tablesOf } from '../../store/tables.ts';

/** What the library hands out for a request, in its own words (its models/backchannel_authentication_request.js). */
export type LibraryAnswer =
  | { readonly error: 'access_denied' | 'expired_token'; readonly errorDescription: string }
  | {
      readonly grantId: string;
      readonly sessionUid: string;
      readonly acr: string;
      readonly amr: readonly string[];
      readonly authTime: number;
    };

/**
 * Writes the answer into the library’s own record of the request, in the caller’s transaction: the
 * library’s way would write it outside of that, and tell the application from within. False when it is
 * gone, or was fetched.
 */
export async function answerPayload(
  db: Db,
  of: { readonly tenant: string; readonly authReqHash: string },
  answer: LibraryAnswer,
): Promise<boolean> {
  const written = await tablesOf(db)
    .updateTable('oidc_transients')
    .set({ payload: sql`payload || ${JSON.stringify(answer)}::jsonb` })
    .where('tenant', '=', of.tenant)
    .where('model', '=', 'BackchannelAuthenticationRequest')
    .where('id_hash', '=', of.authReqHash)
    .where('consumed_at', 'is', null)
    .executeTakeFirst();
  return written.numUpdatedRows === 1n;
}
