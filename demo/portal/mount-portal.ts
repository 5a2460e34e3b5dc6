import type { Context, Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import {
  createRelyingParty,
  NotWanted,
  type PortalSettings,
  type SignedIn,
} from './relying-party.ts';
import { createVisits } from './visits.ts';

const cookie = 'portal';

/** “My account”: a customers’ application of the company’s, as small as one can be. */
export function mountPortal(app: Hono, settings: PortalSettings): void {
  const party = createRelyingParty(settings);
  const visits = createVisits();
  const idOf = (c: Context): string => getCookie(c, cookie) ?? '';
  const give = (c: Context, id: string): void =>
    setCookie(c, cookie, id, { path: '/portal', httpOnly: true, sameSite: 'Lax' });

  app.get('/portal', (c) => {
    const signedIn = visits.signedIn(idOf(c));
    return c.html(page(signedIn ? account(signedIn) : welcome));
  });
  app.post('/portal/sign-in', async (c) => {
    const begun = await party.begin();
    give(c, visits.begin(idOf(c), begun));
    return c.redirect(begun.url, 303);
  });
  app.get('/portal/signed-in', async (c) => {
    const answer = new URL(c.req.url).searchParams;
    const begun = visits.takeBegun(idOf(c), answer.get('state') ?? '');
    if (!begun) return visits.signedIn(idOf(c)) ? c.redirect('/portal', 303) : c.html(page(over));
    try {
      give(c, visits.signIn(idOf(c), await party.redeem(begun, answer)));
    } catch (error) {
      return c.html(page(error instanceof NotWanted ? notWanted : refused));
    }
    return c.redirect('/portal', 303);
  });
  app.post('/portal/sign-out', (c) => {
    const signedIn = visits.signedIn(idOf(c));
    visits.end(idOf(c));
    return c.redirect(signedIn ? party.signOutUrl(signedIn.idToken) : '/portal', 303);
  });
  app.post('/portal/ended', async (c) => {
    try {
      const { logout_token: token } = await c.req.parseBody();
      visits.endSession(await party.ended(typeof token === 'string' ? token : ''));
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

const unsigned = (text: string) =>
  html`<p role="alert">${text}</p>
    <p><a href="/portal">Begin again</a></p>`;

const notWanted = unsigned('You chose not to sign in.');
const over = unsigned('This sign-in is over, or was begun in another browser.');
const refused = unsigned('You were not signed in: the answer could not be used.');

/** What the portal makes of `acr`. */
const proofs: Readonly<Record<string, string>> = {
  phr: 'with a passkey',
  phrh: 'with a passkey that stays on one device',
};

const account = ({ acr, learned }: SignedIn) =>
  html`<p>You are signed in.</p>
    <ul>
      <li><span>Your name</span> <b>${String(learned['name'])}</b></li>
      <li><span>Your account number</span> <b>${String(learned['account_number'])}</b></li>
      <li><span>What this portal calls you</span> <code>${String(learned['sub'])}</code></li>
      <li><span>How you proved yourself</span> <b>${proofs[acr] ?? acr}</b></li>
    </ul>
    <form method="post" action="/portal/sign-out"><button>Sign out</button></form>`;
