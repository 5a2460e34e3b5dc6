import type { IncomingMessage, ServerResponse } from 'node:http';
import { limits } from '@proofline/kernel';
import { problems, type ProblemCode } from '@proofline/protocol';
import type { Provider } from 'oidc-provider';

/** Handles what arrives below `/oidc` of the staff origin. */
export type IssuerListener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

const mountPath = '/oidc';
const bodyMaxBytes = 16 * 1024;
const urlMaxChars = 4096;
const openRequestsMax = 64;

function refuse(outgoing: ServerResponse, code: ProblemCode): void {
  const { status, text: title } = problems[code];
  outgoing.writeHead(status, { 'content-type': 'application/problem+json', connection: 'close' });
  outgoing.end(JSON.stringify({ type: `/docs/errors/${code}`, title, status, code }));
}

function whyRefused(incoming: IncomingMessage): ProblemCode | undefined {
  const url = incoming.url ?? '';
  if (!url.startsWith(`${mountPath}/`)) return 'route.unknown';
  if (url.length > urlMaxChars) return 'request.too-large';
  const length = Number(incoming.headers['content-length'] ?? 0);
  if (!(length <= bodyMaxBytes)) return 'request.too-large';
  return incoming.rawHeaders.length / 2 > limits.headersMaxCount ? 'request.too-large' : undefined;
}

/**
 * oidc-provider behind our limits. The library builds its URLs from the request, so it is told the
 * configured origin and never what a header claims; its pages may be framed by our own origin only.
 */
export function createIssuer(provider: Provider, staffOrigin: string): IssuerListener {
  const { protocol, host } = new URL(staffOrigin);
  const handle = provider.callback();
  let open = 0;
  return async (incoming, outgoing) => {
    const refusal = whyRefused(incoming);
    if (refusal) return refuse(outgoing, refusal);
    if (open >= openRequestsMax) return refuse(outgoing, 'server.busy');
    incoming.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    incoming.headers['x-forwarded-host'] = host;
    delete incoming.headers['x-forwarded-for'];
    outgoing.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'self'");
    outgoing.setHeader('x-frame-options', 'SAMEORIGIN');
    outgoing.setHeader('x-content-type-options', 'nosniff');
    outgoing.setHeader('referrer-policy', 'no-referrer');
    // Mounted as Express does it: the library reads its own prefix from the difference.
    const url = incoming.url ?? '';
    Object.assign(incoming, { originalUrl: url });
    incoming.url = url.slice(mountPath.length);
    open += 1;
    try {
      await handle(incoming, outgoing);
    } finally {
      open -= 1;
    }
  };
}
