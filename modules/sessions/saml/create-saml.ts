import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { readPostMessage, readRedirectMessage } from './bindings/read-message.ts';
import { metadataReply, refusalPage, type SamlReply } from './bindings/reply.ts';
import { beginSignIn } from './commands/begin-sign-in.ts';
import { continueSignIn } from './commands/continue-sign-in.ts';
import { beginLogout, prepareLogout, takeLogoutMessage } from './commands/logout.ts';
import { writeMetadata } from './messages/write-metadata.ts';
import { newMessageId, type SamlContext } from './saml-context.ts';
import { SamlRefused } from './saml-refused.ts';

/** A request below `/saml` of the staff's origin, its body read within bounds. */
export interface SamlRequest {
  readonly method: string;
  /** `/saml/…`, without the query. */
  readonly path: string;
  /** As it was sent, without the question mark. */
  readonly query: string;
  readonly cookie: string | undefined;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/** The SAML 2.0 identity provider. */
export interface Saml {
  handle(request: SamlRequest): Promise<SamlReply>;
  /** After a sign-out: where the browser goes to sign out elsewhere, if anywhere. */
  prepareLogout(sessionId: Id<'ses'>): Promise<string | undefined>;
}

const queryMaxChars = 16 * 1024;

function receive({ method, query, contentType, body }: SamlRequest) {
  if (method === 'GET') return readRedirectMessage(query);
  const isForm = /^application\/x-www-form-urlencoded(;|$)/i.test(contentType ?? '');
  if (method !== 'POST' || !isForm) throw new SamlRefused('binding');
  return readPostMessage(new URLSearchParams(Buffer.from(body).toString('utf8')));
}

async function route(context: SamlContext, request: SamlRequest): Promise<SamlReply> {
  const { method, path, query, cookie } = request;
  if (query.length > queryMaxChars) throw new SamlRefused('query');
  if (path === '/saml/sso') {
    const received = receive(request);
    if (received.kind !== 'SAMLRequest') throw new SamlRefused('kind');
    return beginSignIn(context, received);
  }
  if (path === '/saml/slo') return takeLogoutMessage(context, receive(request));
  if (method !== 'GET') throw new ProblemError('route.unknown');
  if (path === '/saml/continue') {
    return continueSignIn(context, new URLSearchParams(query), cookie);
  }
  if (path === '/saml/signed-out') {
    return beginLogout(context, new URLSearchParams(query).get('id') ?? '');
  }
  if (path !== '/saml/metadata') throw new ProblemError('route.unknown');
  const { addresses, samlKeys, clock } = context;
  const about = { id: newMessageId(context), nowMs: clock.now() };
  return metadataReply(writeMetadata(addresses, samlKeys, about));
}

export function createSaml(context: SamlContext): Saml {
  return {
    async handle(request) {
      try {
        return await route(context, request);
      } catch (error) {
        if (error instanceof SamlRefused) return refusalPage('saml.refused');
        if (error instanceof ProblemError) return refusalPage(error.code);
        throw error;
      }
    },
    prepareLogout: (sessionId) => prepareLogout(context, sessionId),
  };
}
