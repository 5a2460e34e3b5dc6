import { randomBytes } from 'node:crypto';
import type { Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import {
  createRelyingParty,
  type Begun,
  type PortalSettings,
  type SignedIn,
} from './relying-party.ts';

const cookie = 'portal';
const VISITS_MAX = 500;

interface Visit {
  begun?: Begun;
  signedIn?: SignedIn;
}

/** “My account”: a customers’ application of the company’s, as small as one can be. */
export function mountPortal(app: Hono, settings: PortalSettings): void {
  const party = createRelyingParty(settings);
  const visits = new Map<string, Visit>();
  const visitOf = (c: Context): Visit | undefined => visits.get(getCookie(c, cookie) ?? '');

  app.get('/portal', (c) => {
    const { signedIn } = visitOf(c) ?? {};
    return c.html(page(signedIn ? account(signedIn) : welcome));
  });
  app.post('/portal/sign-in', async (c) => {
    const id = randomBytes(32).toString('base64url');
    const begun = await party.begin();
    for (const oldest of visits.keys()) {
      if (visits.size < VISITS_MAX) break;
      visits.delete(oldest);
    }
    visits.set(id, { begun });
    setCookie(c, cookie, id, { path: '/portal', httpOnly: true, sameSite: 'Lax' });
    return c.redirect(begun.url, 303);
  });
  app.get('/portal/signed-in', async (c) => {
    const visit = visitOf(c);
    if (!visit?.begun) return c.redirect('/portal', 303);
    const { begun } = visit;
    delete visit.begun;
    try {
      visit.signedIn = await party.redeem(begun, new URL(c.req.url).searchParams);
    } catch {
      return c.html(page(refused));
    }
    return c.redirect('/portal', 303);
  });
  app.post('/portal/sign-out', (c) => {
    const { signedIn } = visitOf(c) ?? {};
    visits.delete(getCookie(c, cookie) ?? '');
    return c.redirect(signedIn ? party.signOutUrl(signedIn.idToken) : '/portal', 303);
  });
  app.post('/portal/ended', async (c) => {
    try {
      const { logout_token: token } = await c.req.parseBody();
      const sid = await party.ended(typeof token === 'string' ? token : '');
      for (const [id, { signedIn }] of visits) if (signedIn?.sid === sid) visits.delete(id);
      return c.body(null, 200, { 'cache-control': 'no-store' });
    } catch {
      return c.body(null, 400);
    }
  });
}

const page = (body: unknown) =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>My account (simulated)</title>
        <link rel="icon" type="image/svg+xml" href="/icon.svg" />
        <link rel="stylesheet" href="/demo.css" />
      </head>
      <body>
        <header>
          <h1>My account (simulated)</h1>
          <p>
            This page plays an application of the company’s, where customers sign in with Proofline.
          </p>
        </header>
        <main>${body}</main>
      </body>
    </html>`;

const welcome = html`<p>You are not signed in.</p>
  <form method="post" action="/portal/sign-in"><button>Sign in with your passkey</button></form>`;

const refused = html`<p role="alert">You were not signed in.</p>
  <p><a href="/portal">Begin again</a></p>`;

const account = ({ acr, learned }: SignedIn) =>
  html`<p>You are signed in.</p>
    <ul>
      <li><span>Your name</span> <b>${String(learned['name'])}</b></li>
      <li><span>Your account number</span> <b>${String(learned['account_number'])}</b></li>
      <li><span>What this portal calls you</span> <code>${String(learned['sub'])}</code></li>
      <li><span>How you proved yourself</span> <code>${acr}</code></li>
    </ul>
    <form method="post" action="/portal/sign-out"><button>Sign out</button></form>`;
