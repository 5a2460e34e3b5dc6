import type { IncomingMessage, ServerResponse } from 'node:http';
import { ProblemError, type HttpExchange } from '@proofline/protocol';
import type { InteractionResults, Provider } from 'oidc-provider';
import type { SessionsContext } from '../context.ts';
import { hasSignInCookie, signInCookieName } from '../domain/sign-in-cookie.ts';

/** What the issuer waits for on one page. */
export type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** oidc-provider's interactions, each for the browser in which its page began. */
export interface OpenInteractions {
  /** @throws ProblemError `signin.unknown` */
  find(http: HttpExchange, uid: string): Promise<Interaction>;
  /** Hands the issuer the answer of the page, which is over then; answers where the browser goes on. */
  close(http: HttpExchange, uid: string, result: InteractionResults): Promise<string>;
}

function nodeOf(http: HttpExchange): [IncomingMessage, ServerResponse] {
  // The edge hands over Node's own objects; the contract does not name Node.
  return [http.node.incoming as IncomingMessage, http.node.outgoing as ServerResponse];
}

/** @see OpenInteractions */
export function openInteractions(context: SessionsContext, provider: Provider): OpenInteractions {
  const read = async (http: HttpExchange, uid: string): Promise<Interaction> => {
    const [incoming] = nodeOf(http);
    // Without it the page began elsewhere, and its cookie was planted here for somebody to answer.
    if (!hasSignInCookie(context.cookieKeys, uid, incoming.headers.cookie)) {
      throw new ProblemError('signin.unknown');
    }
    try {
      const interaction = await provider.interactionDetails(...nodeOf(http));
      if (interaction.uid === uid && interaction.prompt.name === 'login') return interaction;
    } catch {
      // The cookie is missing or names nothing: the same answer as for another browser's sign-in.
    }
    throw new ProblemError('signin.unknown');
  };
  // One request asks what is wanted, and then answers it.
  const found = new WeakMap<object, { readonly uid: string; readonly it: Promise<Interaction> }>();
  const find = (http: HttpExchange, uid: string): Promise<Interaction> => {
    const [incoming] = nodeOf(http);
    const before = found.get(incoming);
    if (before?.uid === uid) return before.it;
    const it = read(http, uid);
    found.set(incoming, { uid, it });
    return it;
  };
  return {
    find,
    async close(http, uid, result) {
      const interaction = await find(http, uid);
      // As the library’s `interactionResult` does it, which would read what was read for this request before.
      interaction.result = result;
      await interaction.save(interaction.remainingTTL);
      http.setCookie(signInCookieName(uid), '', { maxAgeSeconds: 0 });
      return interaction.returnTo;
    },
  };
}

/** What the page answers when it is left. */
export const leftResult = {
  error: 'access_denied',
  error_description: 'the sign-in was left',
} as const;
