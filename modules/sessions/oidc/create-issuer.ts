import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from '@proofline/kernel';
import type { ProblemCode } from '@proofline/protocol';
import type { Provider } from 'oidc-provider';
import type { MutualTls } from '../context.ts';
import type { DbscContext } from '../dbsc/context.ts';
import { requireBound } from '../dbsc/require-bound.ts';
import { isForDbsc, serveDbsc } from '../dbsc/serve-dbsc.ts';
import { isForMutualTls } from '../mtls/mutual-tls.ts';
import { askByGet } from './ask-by-get.ts';
import { provedClientOf } from './proved-client.ts';
import { refuseRequest } from './refuse-request.ts';

/**
 * Handles what arrives below `/oidc` of a realm’s origin. Its caller has read the whole body, within
 * bounds of time and size, so that nobody holds a place here by sending half a request. Answers which client
 * has proved itself in it, if one has.
 */
export type IssuerListener = (
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  body: Uint8Array,
) => Promise<string | undefined>;

const mountPath = '/oidc';
const urlMaxChars = 4096;
const openRequestsMax = 64;
const echoedMaxChars = 512;

function whyRefused(incoming: IncomingMessage, body: Uint8Array): ProblemCode | undefined {
  const url = incoming.url ?? '';
  if (!url.startsWith(`${mountPath}/`)) return 'route.unknown';
  if (url.length > urlMaxChars) return 'request.too-large';
  if (body.length > limits.formBodyMaxBytes) return 'request.too-large';
  return incoming.rawHeaders.length / 2 > limits.headersMaxCount ? 'request.too-large' : undefined;
}

/** What a client may send along to be kept and given back: nobody needs more, and each one is stored. */
function tooLongToKeep(incoming: IncomingMessage, body: Uint8Array): string | undefined {
  const [, query = ''] = (incoming.url ?? '').split('?', 2);
  const given = [new URLSearchParams(query), new URLSearchParams(Buffer.from(body).toString())];
  return ['state', 'nonce'].find((name) =>
    given.some((parameters) =>
      parameters.getAll(name).some((value) => value.length > echoedMaxChars),
    ),
  );
}

/** RFC 6749 §5.2, which RFC 9126 §2.3 takes over for pushed requests. */
function refuseParameter(outgoing: ServerResponse, name: string): void {
  const error_description = `${name} must have ${echoedMaxChars} characters at most`;
  outgoing.writeHead(400, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  outgoing.end(JSON.stringify({ error: 'invalid_request', error_description }));
}

/**
 * The library reads a body as long as the request is `readable` and else warns about whoever has read
 * it before (its lib/shared/selective_body.js). Here that is on purpose, so it gets the bytes again.
 */
function giveBody(incoming: IncomingMessage, body: Uint8Array): void {
  Object.defineProperties(incoming, {
    readable: { value: true },
    iterator: {
      value: async function* () {
        yield body;
      },
    },
  });
}

/** Where an issuer is, and what it knows besides. */
export interface IssuerSurroundings {
  readonly origin: string;
  readonly mtls?: MutualTls | undefined;
  /** Where sessions are bound to devices. */
  readonly dbsc?: DbscContext;
}

/**
 * oidc-provider behind our limits. The library builds its URLs from the request, so it is told the
 * configured origin and never what a header claims; its pages may be framed by our own origin only.
 */
export function createIssuer(
  provider: Provider,
  { dbsc, mtls, origin }: IssuerSurroundings,
): IssuerListener {
  // The console asks in frames of its own pages; customers are asked in no frame at all.
  const framedBy = dbsc
    ? { csp: "'self'", header: 'SAMEORIGIN' }
    : { csp: "'none'", header: 'DENY' };
  const handle = provider.callback();
  let open = 0;
  async function serve(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    body: Uint8Array,
  ): Promise<void> {
    const refusal = whyRefused(incoming, body);
    if (refusal) return refuseRequest(outgoing, refusal);
    const tooLong = tooLongToKeep(incoming, body);
    if (tooLong) return refuseParameter(outgoing, tooLong);
    if (open >= openRequestsMax) return refuseRequest(outgoing, 'server.busy');
    const isMutual = mtls !== undefined && incoming.headers.host === new URL(mtls.origin).host;
    if (isMutual && !isForMutualTls(incoming.url ?? '')) {
      return refuseRequest(outgoing, 'route.unknown');
    }
    const { host, protocol } = new URL(isMutual ? mtls.origin : origin);
    incoming.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    incoming.headers['x-forwarded-host'] = host;
    delete incoming.headers['x-forwarded-for'];
    // The library adds the digest of a script of its own to `script-src`, where a page sends itself on.
    const policy = `default-src 'none'; script-src; frame-ancestors ${framedBy.csp}`;
    outgoing.setHeader('content-security-policy', policy);
    outgoing.setHeader('x-frame-options', framedBy.header);
    outgoing.setHeader('x-content-type-options', 'nosniff');
    outgoing.setHeader('referrer-policy', 'no-referrer');
    if (askByGet(incoming, outgoing, { body, urlMaxChars })) return;
    open += 1;
    try {
      if (dbsc && isForDbsc(incoming)) return await serveDbsc(dbsc, incoming, outgoing);
      if (dbsc) await requireBound(dbsc.sessions, incoming);
      mount(incoming, body);
      await handle(incoming, outgoing);
    } finally {
      open -= 1;
    }
  }
  return async (incoming, outgoing, body) => {
    await serve(incoming, outgoing, body);
    return provedClientOf(incoming, outgoing);
  };
}

/** Mounted as Express does it: the library reads its own prefix from the difference. */
function mount(incoming: IncomingMessage, body: Uint8Array): void {
  const url = incoming.url ?? '';
  Object.assign(incoming, { originalUrl: url });
  incoming.url = url.slice(mountPath.length);
  giveBody(incoming, body);
}
