import { sql } from 'kysely';
import type { Db } from '@proofline/storage';
import { modelOf } from '../../oidc/realm.ts';
import { tablesOf } from '../../store/tables.ts';
import { realmOf } from '../domain/person.ts';
import type { SignInRequestRow } from './tables.ts';

/** What the library hands out for a request, in its own words (its models/backchannel_authentication_request.js). */
export type LibraryAnswer =
  | { readonly error: 'access_denied' | 'expired_token'; readonly errorDescription: string }
  | {
      readonly grantId: string;
      readonly sessionUid: string;
      readonly acr: string;
      readonly amr: readonly string[];
      readonly authTime: number;
      /** Of a customer: the agreement that it rests on (`oidc/application-stamp.ts`). */
      readonly consentId?: string;
    };

/**
 * Writes the answer into the library’s own record of the request, in the caller’s transaction: the
 * library’s way would write it outside of that, and tell the application from within. False when it is
 * gone, or was fetched.
 */
export async function answerPayload(
  db: Db,
  row: Pick<SignInRequestRow, 'tenant' | 'subject_id' | 'auth_req_hash'>,
  answer: LibraryAnswer,
): Promise<boolean> {
  const written = await tablesOf(db)
    .updateTable('oidc_transients')
    .set({ payload: sql`payload || ${JSON.stringify(answer)}::jsonb` })
    .where('tenant', '=', row.tenant)
    .where('model', '=', modelOf(realmOf(row.subject_id), 'BackchannelAuthenticationRequest'))
    .where('id_hash', '=', row.auth_req_hash)
    .where('consumed_at', 'is', null)
    .executeTakeFirst();
  return written.numUpdatedRows === 1n;
}
