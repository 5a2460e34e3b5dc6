import type { KoaContextWithOIDC, Provider } from 'oidc-provider';
import { endSession } from '../commands/end-session.ts';
import type { SessionsContext } from '../context.ts';
import { findOpenRow } from '../store/session-rows.ts';
import { saySignedOut } from './sign-out-page.ts';

/**
 * Whoever confirmed on the sign-out page is signed out by our own reckoning as well: grants, open
 * screens, and every application of the session. The library has destroyed its own session by then.
 */
async function endOwnSession(context: SessionsContext, uid: string): Promise<void> {
  const row = await findOpenRow(context.storage.db, context.tenant, { oidc_uid: uid });
  if (row?.realm !== context.realm) return;
  await endSession(context, row.session_id, { because: 'signed-out', endedBy: row.subject_id });
}

/**
 * Whoever is signed in no more has nothing to confirm and is sent on. The library would give them a
 * session of nobody, to keep the form’s secret in: it is taken back, and so is its cookie.
 */
async function sendOn(ctx: KoaContextWithOIDC): Promise<void> {
  const { params, session } = ctx.oidc;
  await session?.destroy();
  ctx.remove('set-cookie');
  // The library has seen that it is registered, or has taken it out.
  const after = params?.['post_logout_redirect_uri'];
  if (typeof after !== 'string') return saySignedOut(ctx);
  const url = new URL(after);
  const state = params?.['state'];
  if (typeof state === 'string') url.searchParams.set('state', state);
  ctx.status = 303;
  ctx.redirect(url.href);
}

/** What the library leaves to do at its two endpoints of signing out. */
export function endSignedOut(context: SessionsContext, provider: Provider): void {
  provider.use(async (ctx: KoaContextWithOIDC, next) => {
    await next();
    // Where no route of the library was met, there is nothing of its own.
    if (!('oidc' in ctx)) return;
    const { params, route, session } = ctx.oidc;
    if (route === 'end_session' && ctx.status === 200 && !session?.accountId) return sendOn(ctx);
    const isConfirmed = route === 'end_session_confirm' && ctx.status === 303;
    if (isConfirmed && params?.['logout'] && session) await endOwnSession(context, session.uid);
  });
}
