import { problemCodes, problems } from '@proofline/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openEdge, type TestEdge } from '../testing/open-edge.ts';
import { send } from '../testing/raw-request.ts';
import { renderErrorPage } from './render-error-page.ts';

let edge: TestEdge;
beforeAll(async () => {
  edge = await openEdge([]);
});
afterAll(() => edge.server.close());

const get = (path: string, headers: Record<string, string> = {}) =>
  send(edge.server.port, { path, headers });
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const visible = (html: string) =>
  html
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');

describe('the page that a problem’s type points at', () => {
  it.each(problemCodes)(
    '%s is read in a browser as a page, under the origin’s policy',
    async (code) => {
      const answer = await get(`/docs/errors/${code}`, browser);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toMatch(/^text\/html; charset=utf-8$/i);
      expect(answer.headers['vary']).toContain('Accept');
      expect(answer.headers['content-security-policy']).toContain("script-src 'self'");
      expect(answer.text).not.toMatch(/<script|<style|style=|\son\w+=|javascript:/i);
      const words = visible(answer.text);
      expect(words).toContain(problems[code].text);
      // Nothing of the marks is left over.
      expect(words).not.toMatch(/`|## |(^|\s)- [A-Z]/);
      expect(answer.text.match(/<h2>/g)).toHaveLength(3);
      expect(answer.text.match(/<ul>/g)).toHaveLength(1);
    },
  );

  it('is Markdown for whoever does not ask for a page', async () => {
    const answer = await get('/docs/errors/access.denied', { accept: 'application/json' });
    expect(answer.headers['content-type']).toBe('text/markdown; charset=utf-8');
    expect(answer.text).toMatch(/^# `access\.denied`\n/);
  });

  it('leads to the pages of the problems that it names', async () => {
    const { text: body } = await get('/docs/errors/access.denied', browser);
    for (const [, path = ''] of body.matchAll(/<a href="([^"]+)"/g)) {
      expect((await get(path, browser)).status).toBe(200);
    }
    expect(body).toContain('<a href="/docs/errors/grant.ended">');
  });

  it('is of a code that exists, and comes with its style and an icon', async () => {
    expect((await get('/docs/errors/access.granted', browser)).status).toBe(404);
    expect((await get('/docs/errors/page.css')).headers['content-type']).toContain('text/css');
    expect((await get('/favicon.ico')).headers['content-type']).toBe('image/svg+xml');
  });
});

describe('rendering', () => {
  const render = (markdown: string) => renderErrorPage('access.denied', markdown);
  it('lets no sign of HTML through, in text or in code', () => {
    const html = render('# `a`\n\n<img src=x> & `<b>`\n- Agent: <i>\n  goes `on <u>`');
    expect(html).toContain('&lt;img src=x&gt; &amp; <code>&lt;b&gt;</code>');
    expect(html).toContain(
      '<li><strong>Agent:</strong> &lt;i&gt; goes <code>on &lt;u&gt;</code></li>',
    );
    expect(html).not.toMatch(/<img|<b>|<i>|<u>/);
  });
});
