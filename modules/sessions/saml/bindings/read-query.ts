/** The parameters of the HTTP-Redirect binding as they were sent (saml-bindings-2.0-os §3.4.4.1). */
export interface RedirectQuery {
  readonly kind: 'SAMLRequest' | 'SAMLResponse';
  readonly message: string;
  readonly relayState?: string;
  readonly signature?: {
    readonly algorithm: string;
    readonly value: string;
    /** The octets that were signed: the sender's own encoding, in the binding's order. */
    readonly text: string;
  };
}

const known = ['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature'] as const;

function decoded(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

/** Name → value as it was sent; `undefined`: a name comes twice. */
function rawParameters(query: string): ReadonlyMap<string, string> | undefined {
  const raw = new Map<string, string>();
  for (const part of query.split('&')) {
    const [name = '', value = ''] = part.split(/=(.*)/s);
    if (raw.has(name)) return undefined;
    raw.set(name, value);
  }
  return raw;
}

function isOfTheBinding(raw: ReadonlyMap<string, string>): boolean {
  const isOneMessage = raw.has('SAMLRequest') !== raw.has('SAMLResponse');
  return isOneMessage && raw.has('SigAlg') === raw.has('Signature') && !raw.has('SAMLEncoding');
}

/** `undefined`: the query is not of the binding; a name that comes twice is read by nobody. */
export function readRedirectQuery(query: string): RedirectQuery | undefined {
  const raw = rawParameters(query);
  if (!raw || !isOfTheBinding(raw)) return undefined;
  const kind = raw.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse';
  const values = new Map(known.map((name) => [name, decoded(raw.get(name) ?? '')]));
  if ([...values.values()].includes(undefined)) return undefined;
  const valueOf = (name: (typeof known)[number]): string => values.get(name) ?? '';
  const relayState = valueOf('RelayState');
  const signedNames = raw.has('RelayState') ? [kind, 'RelayState', 'SigAlg'] : [kind, 'SigAlg'];
  return {
    kind,
    message: valueOf(kind),
    ...(relayState !== '' && { relayState }),
    ...(raw.has('Signature') && {
      signature: {
        algorithm: valueOf('SigAlg'),
        value: valueOf('Signature'),
        text: signedNames.map((name) => `${name}=${raw.get(name)}`).join('&'),
      },
    }),
  };
}
