import type { Answer } from '../../../demo/actors/device.ts';
import { shown, type Parameters, type RelyingParty } from './relying-party.ts';

/** Where a request to sign out has ended. */
export interface SignedOut {
  /** Whether the person was asked, as they must be. */
  readonly asked: boolean;
  /** Where the browser was sent; `undefined`: to a page of ours. */
  readonly sentTo: URL | undefined;
  readonly error: string | undefined;
  readonly last: Answer;
}

const hidden = /name="xsrf"[^>]*value="([^"]+)"/;
const action = /action="([^"]+)"/;

/** The end of session endpoint with these parameters; the person confirms where they are asked. */
export async function signOut(
  { parts: { device, issuer } }: RelyingParty,
  parameters: Parameters,
): Promise<SignedOut> {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value]],
  );
  const page = await device.ask(`${issuer}/session/end?${new URLSearchParams(given)}`);
  const text = String(page.body);
  const [, xsrf] = hidden.exec(text) ?? [];
  const [, to] = action.exec(text) ?? [];
  if (xsrf === undefined || to === undefined) return endOf(page, { asked: false, issuer });
  const confirmed = await device.ask(new URL(to, issuer).href, {
    method: 'POST',
    origin: new URL(issuer).origin,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ xsrf, logout: 'yes' }).toString(),
  });
  return endOf(confirmed, { asked: true, issuer });
}

function endOf(
  last: Answer,
  { asked, issuer }: { readonly asked: boolean; readonly issuer: string },
): SignedOut {
  const location = last.headers.get('location');
  const error = last.status >= 400 ? shown(last) : undefined;
  const at = location === null ? undefined : new URL(location, issuer);
  const sentTo = at?.origin === new URL(issuer).origin ? undefined : at;
  return { asked, sentTo, error, last };
}
