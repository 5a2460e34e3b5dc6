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
/** Text as it may stand in HTML. */
export const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');

/** A page of the issuer’s own, for a person: `content` is HTML. */
export function renderPage(
  ctx: KoaContextWithOIDC,
  { title, content }: Record<'title' | 'content', string>,
): void {
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
 * Somebody’s browser came to a sign-in that is over, or that there never was, by itself and in no frame. What
 * asks as a program is told in its own words.
 */
export const isVisit = (ctx: KoaContextWithOIDC): boolean =>
  ctx.get('sec-fetch-dest') === 'document' && ctx.accepts('html', 'json') === 'html';

/** The same for everybody: why it is over is not told to a browser (P9). */
export function sayItCannotGoOn(ctx: KoaContextWithOIDC): void {
  const why = 'It took too long, was answered already, or was not begun in this browser.';
  renderPage(ctx, {
    title: 'This sign-in cannot go on.',
    content: `<p>${why} Go back to where you came from, and begin again there.</p>`,
  });
}
