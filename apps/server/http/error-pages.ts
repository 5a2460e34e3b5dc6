import { readFileSync } from 'node:fs';
import { problemCodes, ProblemError } from '@proofline/protocol';
import type { Env, Hono } from 'hono';
import { renderErrorPage } from './render-error-page.ts';

const PAGES = new URL('../../../docs/errors/', import.meta.url);
const text = (file: URL) => readFileSync(file, 'utf8');

interface ErrorPage {
  readonly markdown: string;
  readonly html: string;
}

/** The page of each problem code, which a problem's `type` points at. @throws when one is missing */
export function loadErrorPages(): ReadonlyMap<string, ErrorPage> {
  return new Map(
    problemCodes.map((code) => {
      const markdown = text(new URL(`${code}.md`, PAGES));
      return [code, { markdown, html: renderErrorPage(code, markdown) }];
    }),
  );
}

/**
 * Serves what explains a refusal: to a browser as a page to read, to everything else as it was
 * written. No script, and nothing from elsewhere: the origin's policy holds here too.
 */
export function mountErrorPages<E extends Env>(app: Hono<E>): void {
  const pages = loadErrorPages();
  const style = text(new URL('error-page.css', import.meta.url));
  const icon = text(new URL('icon.svg', import.meta.url));
  app.get('/docs/errors/page.css', (c) =>
    c.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  // Browsers ask for it beside whatever has no icon of its own.
  app.get('/favicon.ico', (c) => c.body(icon, 200, { 'content-type': 'image/svg+xml' }));
  app.get('/docs/errors/:code', (c) => {
    const page = pages.get(c.req.param('code'));
    if (page === undefined) throw new ProblemError('route.unknown');
    c.header('vary', 'Accept');
    return /\btext\/html\b/.test(c.req.header('accept') ?? '')
      ? c.html(page.html)
      : c.body(page.markdown, 200, { 'content-type': 'text/markdown; charset=utf-8' });
  });
}
