import type { Browser, Exchange } from '../../testing/browser.ts';
import { staffOrigin } from '../../testing/world.ts';

/** Follows our own redirects, answering the sign-in page where it comes; ends at a page of ours. */
export async function followSignIn(
  browser: Browser,
  answer: Exchange,
  as: { readonly subject: string; readonly level?: string },
): Promise<Exchange> {
  let at = answer;
  for (let hop = 0; hop < 8 && at.status === 303; hop += 1) {
    const location = new URL(at.headers.location ?? '', staffOrigin);
    if (location.origin !== staffOrigin) return at;
    if (!location.pathname.startsWith('/sign-in/')) {
      at = await browser.go(location.href);
      continue;
    }
    const uid = location.pathname.split('/')[2];
    const { level = 'phr', subject } = as;
    const path = `/finish?subject=${subject}&acr=${level}`;
    const reply = await browser.go(`${staffOrigin}/api/sign-in/${uid}${path}`);
    // The stand-in page answers with JSON objects only.
    const { redirectTo } = JSON.parse(reply.text) as { redirectTo?: string };
    if (redirectTo === undefined) return reply;
    at = await browser.go(redirectTo);
  }
  return at;
}
