import type { KoaContextWithOIDC } from 'oidc-provider';
import { escapeHtml, renderPage } from './plain-page.ts';

/**
 * Asks before signing out (OpenID Connect RP-Initiated Logout 1.0 §6): whoever links here must not sign
 * people out. `form` is the library’s, with a secret of this browser’s own.
 */
export function askToSignOut(ctx: KoaContextWithOIDC, form: string): void {
  const name = ctx.oidc.client?.clientName;
  const buttons = `<button name="logout" value="yes">Sign out everywhere</button>
    <button>Stay signed in here</button>`;
  const asks = name === undefined ? '' : `${escapeHtml(name)} asks to sign you out. `;
  const content = `<p>${asks}Your session ends here, and at everything that you came to from here.</p>
    ${form.replace('</form>', `${buttons}</form>`)}`;
  renderPage(ctx, { title: 'Sign out?', content });
}

/** Where whoever signed out ends when the application named no address. */
export function saySignedOut(ctx: KoaContextWithOIDC): void {
  renderPage(ctx, { title: 'That is done.', content: '<p>You can close this page.</p>' });
}
