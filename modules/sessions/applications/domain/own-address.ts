/** Where something of ours answers. */
export interface OwnOrigins {
  readonly staffOrigin: string;
  readonly customersOrigin: string;
  readonly gatewayOrigin: string;
  /** APIs that take grants of ours. */
  readonly resourceOrigins: readonly string[];
  /** Where programs connect with a certificate, if anywhere. */
  readonly mtls?: { readonly origin: string };
}

/** A name with a dot at its end is the same host (RFC 1034 §3.1). */
const hostOf = (url: string): string => new URL(url).hostname.replace(/\.+$/, '');

/**
 * Whether an address is one of ours. Of our own pages the host alone is looked at: a cookie knows neither
 * port nor scheme (RFC 6265 §8.5). Others’ APIs may share their host with a tool, and not their origin.
 */
export function isOwnAddress(url: string, own: OwnOrigins): boolean {
  const pages = [own.staffOrigin, own.customersOrigin, ...(own.mtls ? [own.mtls.origin] : [])];
  if (pages.map(hostOf).includes(hostOf(url))) return true;
  const { host, protocol } = new URL(url);
  const origin = `${protocol}//${host.replace(/\.+(?=:|$)/, '')}`;
  return [own.gatewayOrigin, ...own.resourceOrigins].includes(origin);
}

/** Whether a name of a host means whoever’s own machine the browser runs on (RFC 6761 §6.3). */
export function isLoopbackHost(url: string): boolean {
  return /^(?:127\.[\d.]+|\[::1\]|(?:.+\.)?localhost)$/.test(hostOf(url));
}

const answers: ReadonlySet<string> = new Set(
  (
    'code state iss error error_description error_uri id_token access_token token_type expires_in scope ' +
    'response session_state'
  ).split(' '),
);

/**
 * A parameter of an answer that stands in an address already: the browser would bring two of them, and an
 * application may read the wrong one.
 */
export function answerParameterIn(url: string): string | undefined {
  return [...new URL(url).searchParams.keys()].find((name) => answers.has(name));
}
