import { requestToken, type ServiceTokenOptions } from './create-service-tokens.ts';

/** What a program was called with, and where it wants to go on with it. */
export interface GrantExchange {
  /** The token that it was called with; it has verified it before. */
  readonly subjectToken: string;
  /** The next API (RFC 8707). */
  readonly resource: string;
  /** Fewer actions than it was called with; absent: all that its scopes name, too. */
  readonly narrowed?: { readonly caseId: string; readonly actions: readonly string[] };
}

/**
 * Exchanges a grant that this program was called with for one for the next API (RFC 8693): for the same
 * colleague and case, with this program as `act`, bound to `keys`. It ends with the first at the latest.
 *
 * @throws when the issuer refuses or cannot be reached.
 */
export async function exchangeGrant(
  options: ServiceTokenOptions,
  { narrowed, resource, subjectToken }: GrantExchange,
): Promise<{ readonly accessToken: string; readonly expiresInSeconds: number }> {
  const details = narrowed && [
    { type: 'proofline_case', case_id: narrowed.caseId, actions: narrowed.actions },
  ];
  const answer = await requestToken(options, {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: subjectToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    resource,
    ...(details && { authorization_details: JSON.stringify(details) }),
  });
  return { accessToken: answer.access_token, expiresInSeconds: answer.expires_in };
}
