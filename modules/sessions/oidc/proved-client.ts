import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client, KoaContextWithOIDC } from 'oidc-provider';

const proved = new WeakMap<IncomingMessage, string>();

/** A client has shown that it is itself: by an assertion, or with a token that nobody else has. */
export function noteProved({ req }: KoaContextWithOIDC, client: Client | undefined): void {
  if (client && client.clientAuthMethod !== 'none') proved.set(req, client.clientId);
}

/** Which client has proved itself in a request that is answered, unless it was refused for its proof. */
export function provedClientOf(
  incoming: IncomingMessage,
  { statusCode }: ServerResponse,
): string | undefined {
  return statusCode === 401 ? undefined : proved.get(incoming);
}
