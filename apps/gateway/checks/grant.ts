import { actingPrograms } from '@proofline/enforce';
import { idOf, ProblemError } from '@proofline/protocol';
import { z } from 'zod';
import { found, type Exchange, type GatewayCheck } from '../exchange.ts';

/** The claims of a grant (RFC 9396 §2): one case, one account, named actions. */
const GrantClaims = z.object({
  sub: idOf('stf'),
  sid: idOf('ses'),
  grant_id: idOf('grt'),
  authorization_details: z
    .array(
      z.object({
        type: z.literal('proofline_case'),
        account_number: z.string(),
        interaction_id: idOf('int'),
        actions: z.array(z.string()),
      }),
    )
    .length(1),
});

/** The claims of a token for one record under break-glass: no grant, and no call. */
const BreakGlassClaims = z.object({
  sub: idOf('stf'),
  sid: idOf('ses'),
  authorization_details: z
    .array(
      z.object({
        type: z.literal('proofline_break_glass'),
        break_glass_id: idOf('bgl'),
        account_number: z.string(),
      }),
    )
    .length(1),
});

/**
 * Reads the grant and notes whether it names this account and this action. One that does not is
 * still put to the PDP, so that the attempt is in the evidence, and is refused whatever it says.
 */
export const grant: GatewayCheck = {
  name: 'grant',
  async run(exchange) {
    // Whoever acts for the colleague is asked about, too: whom nobody can read, nobody asks about.
    const acting = actingPrograms(found(exchange.claims)['act']);
    if (!acting.ok) throw new ProblemError(acting.error.code, { internal: acting.error.check });
    const emergency = BreakGlassClaims.safeParse(exchange.claims).data;
    // Emergency access is one person’s.
    if (emergency && acting.value.length === 0) return underBreakGlass(exchange, emergency);
    const parsed = GrantClaims.safeParse(exchange.claims);
    if (!parsed.success) throw new ProblemError('token.invalid', { internal: 'not a grant' });
    const { sid, grant_id: grantId, authorization_details: details } = parsed.data;
    const { operation, parameters } = found(exchange.match);
    const detail = found(details[0]);
    exchange.agent = {
      claims: found(exchange.claims),
      sessionId: sid,
      grantId,
      interactionId: detail.interaction_id,
      acting: acting.value,
      covered:
        detail.account_number === parameters[operation.resourceParameter] &&
        detail.actions.includes(operation.mapping.action),
    };
  },
};

/** Whether it may, and what, is the PDP's to say; the token only says whose access to which record it is. */
function underBreakGlass(exchange: Exchange, claims: z.infer<typeof BreakGlassClaims>): void {
  const { operation, parameters } = found(exchange.match);
  exchange.agent = {
    claims: found(exchange.claims),
    sessionId: claims.sid,
    covered:
      found(claims.authorization_details[0]).account_number ===
      parameters[operation.resourceParameter],
  };
}
