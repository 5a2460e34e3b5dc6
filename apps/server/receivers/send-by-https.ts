import type { Clock, Random } from '@proofline/kernel';
import { signRequest, type ServiceSigningKey } from '@proofline/enforce/client';
import { ReceiverFault, type Receiver } from '@proofline/ledger';
import { NotTaken, postGuarded, systemResolve, type Resolve } from '../callbacks/post-guarded.ts';
import type { ReceiverSetting } from './receiver-setting.ts';

/** What a request to a receiver is made with. */
export interface PostDeps {
  /** The issuer’s key that signs now: receivers find its public half at `jwks_uri`. */
  readonly signingKey: () => Promise<ServiceSigningKey>;
  readonly clock: Clock;
  readonly random: Random;
  readonly resolve?: Resolve;
}

/**
 * Posts each page to a receiver, signed per RFC 9421 over method, target, content digest and, where there
 * is one, the authorization: it knows who sent it, and that nobody changed it or sends it elsewhere.
 */
export function sendByHttps(
  { authorization, form, internal, url }: ReceiverSetting,
  deps: PostDeps,
): Receiver['transmit'] {
  const type = form === 'otlp' ? 'application/json' : 'application/x-ndjson';
  return async (records) => {
    const body = form === 'otlp' ? (records[0] ?? '') : `${records.join('\n')}\n`;
    const bytes = new TextEncoder().encode(body);
    const own = authorization === undefined ? {} : { authorization };
    const target = { method: 'POST', url, body: bytes, ...own };
    const signed = await signRequest(await deps.signingKey(), target, deps);
    const headers = { 'content-type': type, ...own, ...signed };
    try {
      await postGuarded({ url, internal }, { body, headers }, deps.resolve ?? systemResolve);
    } catch (error) {
      throw new ReceiverFault(sentenceOf(error));
    }
  };
}

/** What the other side says is not told; what it answered with is a number. */
function sentenceOf(error: unknown): string {
  if (error instanceof NotTaken) {
    return error.statusCode >= 300 && error.statusCode < 400
      ? `It answered with ${error.statusCode}; a redirect is not followed.`
      : `It answered with ${error.statusCode}.`;
  }
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer in time.';
  if (error instanceof Error && error.message.includes('no address')) {
    return 'Its name leads to no address that may be connected to.';
  }
  return 'It could not be reached.';
}
