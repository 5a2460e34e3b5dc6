import { accountActions, idOf, type Action } from '@proofline/protocol';
import { z } from 'zod';

/** A grant, and an access token, live at most this long (RFC 9700 §2.2.2 asks for short ones). */
export const grantTtlSeconds = 300;

/** Actions on a guarded account: a grant can name these and nothing else. */
const grantable = [...accountActions];

/** The `authorization_details` of a token exchange (RFC 9396 §2): exactly one case. */
const GrantDetails = z
  .array(
    z
      .object({
        type: z.literal('proofline_case'),
        case_id: idOf('cse'),
        actions: z.array(z.enum(grantable)).min(1).max(grantable.length),
      })
      .strict(),
  )
  .length(1);

/** A well-formed request for a grant. */
export interface GrantRequest {
  readonly caseId: z.infer<typeof GrantDetails>[number]['case_id'];
  readonly actions: readonly Action[];
}

/** Reads the parameter's JSON text; `undefined` when it is not exactly of the form above. */
export function readGrantRequest(text: unknown): GrantRequest | undefined {
  if (typeof text !== 'string' || text.length > 2000) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = GrantDetails.safeParse(value);
  const detail = parsed.data?.[0];
  if (!detail) return undefined;
  return { caseId: detail.case_id, actions: [...new Set(detail.actions)] };
}
