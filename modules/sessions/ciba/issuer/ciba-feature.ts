import { isId } from '@proofline/kernel';
import { errors, type Configuration, type KoaContextWithOIDC, type Provider } from 'oidc-provider';
import { demandOf, findUsable } from '../../oidc/application-client.ts';
import { askToSignIn } from '../commands/ask.ts';
import { notePoll } from '../commands/note-poll.ts';
import type { SessionsContext } from '../../context.ts';
import type { PersonId } from '../../types.ts';
import { whyUnreadable } from '../domain/binding-message.ts';
import { levelAsked } from '../domain/level-asked.ts';
import { expiresSeconds, INTERVAL_SECONDS, PER_MINUTE_MAX } from '../domain/limits.ts';
import { countOf } from '../store/request-rows.ts';
import { readLoginHint, readLoginHintToken, type Naming } from './read-login-hint.ts';

type Feature = NonNullable<NonNullable<Configuration['features']>['ciba']>;

/** CIBA Core 1.0, as far as the library asks its host. */
export function cibaFeature(context: SessionsContext): Feature {
  return {
    enabled: true,
    deliveryModes: ['poll', 'ping'],
    processLoginHint: (ctx, hint = '') => readLoginHint(context, hint, namingOf(ctx)),
    processLoginHintToken: (ctx, token = '') => readLoginHintToken(context, token, namingOf(ctx)),
    // A code of somebody’s would be one more secret to be talked out of them: the passkey answers.
    verifyUserCode: (_ctx, _account, code) => {
      if (code !== undefined) throw new errors.InvalidRequest('user_code is not used here');
    },
    // FAPI-CIBA §5.2.2: what the person compares stands in every request.
    validateBindingMessage: (_ctx, message) => {
      const because = whyUnreadable(message);
      if (because !== undefined) throw new errors.InvalidBindingMessage(because);
    },
    validateRequestContext: async (ctx, requestContext) => {
      if (requestContext !== undefined)
        throw new errors.InvalidRequest('request_context is not used here');
      await refuseFlood(context, ctx);
      await acrOf(context, ctx);
    },
    triggerAuthenticationDevice: async (ctx, request, ...[account, client]) => {
      const { params } = ctx.oidc;
      const application = await findUsable(context, client.clientId);
      if (!application) throw new errors.InvalidClient('client is invalid');
      const token = params?.['client_notification_token'];
      await askToSignIn(context, {
        application,
        // Made by `readLoginHint`, or read from an ID token of ours.
        subjectId: account.accountId as PersonId,
        authReqId: request.jti,
        bindingMessage: String(params?.['binding_message']),
        scope: request.scope ?? 'openid',
        resource: typeof request.resource === 'string' ? request.resource : undefined,
        acr: await acrOf(context, ctx),
        expiresSeconds: expiresSeconds(params?.['requested_expiry']),
        notificationToken: typeof token === 'string' ? token : undefined,
      });
      // CIBA Core §7.3. The library writes its answer before this, and has no interval.
      Object.assign(ctx.body ?? {}, { interval: INTERVAL_SECONDS });
    },
  };
}

/** How long a request waits, as the library asks for it. */
export const askedForSeconds = ({ oidc }: KoaContextWithOIDC): number =>
  expiresSeconds(oidc.params?.['requested_expiry']);

const namingOf = ({ oidc }: KoaContextWithOIDC): Naming => ({
  clientId: oidc.client?.clientId,
  scope: oidc.params?.['scope'],
});

/** Who is asked too often is not told of; who asks too often is, whomever it asks (CIBA Core §13). */
async function refuseFlood(context: SessionsContext, ctx: KoaContextWithOIDC): Promise<void> {
  const clientId = ctx.oidc.client?.clientId;
  if (!isId('app', clientId)) throw new errors.UnauthorizedClient('not for this client');
  const at = new Date(context.clock.now() - 60_000);
  const lately = await countOf(context.storage.db, context.tenant, { applicationId: clientId, at });
  if (lately >= PER_MINUTE_MAX)
    throw new errors.AccessDenied(`at most ${PER_MINUTE_MAX} requests a minute`);
}

async function acrOf(context: SessionsContext, { oidc }: KoaContextWithOIDC) {
  const { acr_values: values } = oidc.params ?? {};
  // Not the one of the parameters: it may stand in a signed request alone.
  const asked = { acr_values: values, client_id: oidc.client?.clientId };
  const acr = levelAsked(await demandOf(context, asked));
  if (acr === undefined) throw new errors.InvalidRequest('none of these acr_values is known here');
  return acr;
}

/** Answers who comes back sooner than was said (CIBA Core §11). The library knows no pace. */
export function keepPace(context: SessionsContext, provider: Provider): void {
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next();
    if (!('oidc' in ctx) || ctx.oidc.route !== 'token') return;
    const secret = ctx.oidc.params?.['auth_req_id'];
    if (typeof secret !== 'string' || !isPending(ctx.body)) return;
    if (!(await notePoll(context, secret))) return;
    const error_description = 'wait five seconds longer between two questions than before';
    ctx.body = { error: 'slow_down', error_description };
  });
}

const isPending = (body: unknown): boolean =>
  typeof body === 'object' &&
  body !== null &&
  'error' in body &&
  body.error === 'authorization_pending';
