import { createHash } from 'node:crypto';
import type { KoaContextWithOIDC } from 'oidc-provider';

const style = `
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 16px/1.5 system-ui, sans-serif;
  color-scheme: light dark; background: light-dark(#f6f7f6, #141816); color: light-dark(#1c2420, #e6ebe8); }
main { max-width: 26rem; padding: 1.5rem; }
h1 { font-size: 1.25rem; font-weight: 600; margin: 0 0 .5rem; }
form { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: 1rem; }
button { font: inherit; padding: .5rem .9rem; border-radius: .4rem; border: 1px solid currentColor;
  background: none; color: inherit; cursor: pointer; }
button:first-of-type { background: light-dark(#1c2420, #e6ebe8); color: light-dark(#fff, #141816); }
button:focus-visible { outline: 3px solid; outline-offset: 2px; }`;
const styleHash = createHash('sha256').update(style).digest('base64');

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');

function render(ctx: KoaContextWithOIDC, { title, content }: Record<'title' | 'content', string>) {
  ctx.type = 'html';
  ctx.set(
    'content-security-policy',
    `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; frame-ancestors 'none'`,
  );
  ctx.body = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>${content}</main></body></html>`;
}

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
  render(ctx, { title: 'Sign out?', content });
}

/** Where whoever signed out ends when the application named no address. */
export function saySignedOut(ctx: KoaContextWithOIDC): void {
  render(ctx, { title: 'That is done.', content: '<p>You can close this page.</p>' });
}
