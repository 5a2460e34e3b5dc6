import { writeInnerList, type InnerList } from './structured-fields.ts';

/** A request as both sides see it. */
export interface SignedMessage {
  readonly method: string;
  /** The whole target URI as the client addressed it: scheme, authority, path and query. */
  readonly url: string;
  /** A header’s value; of several lines, joined by a comma. The name is in lower case. */
  readonly header: (name: string) => string | null | undefined;
}

// Taken apart as text: a URL parser would make one path of several.
const targetUri = /^(https?):\/\/([^/?#]+)(\/[^?#]*)?(\?[^#]*)?$/;

function derivedValue(name: string, { method, url }: SignedMessage): string | undefined {
  const [, scheme, authority, path = '/', query = '?'] = targetUri.exec(url) ?? [];
  if (scheme === undefined || authority === undefined) return undefined;
  const defaultPort = scheme === 'https' ? ':443' : ':80';
  const host = authority.toLowerCase();
  switch (name) {
    case '@method':
      return method.toUpperCase();
    case '@target-uri':
      return url;
    case '@authority':
      return host.endsWith(defaultPort) ? host.slice(0, -defaultPort.length) : host;
    case '@scheme':
      return scheme;
    case '@path':
      return path;
    case '@query':
      return query;
    default:
      return undefined;
  }
}

/**
 * The value of a covered component (RFC 9421 §2.1 and §2.2): of a header, or derived from the request
 * line. `undefined`: the request has none, or it is none that is known here.
 */
export function componentValue(name: string, message: SignedMessage): string | undefined {
  if (name.startsWith('@')) return derivedValue(name, message);
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,100}$/.test(name)) return undefined;
  return message
    .header(name)
    ?.replaceAll(/[ \t]*\r?\n[ \t]+/g, ' ')
    .replaceAll(/^[ \t]+|[ \t]+$/g, '');
}

/** The names of what a signature covers; `undefined` where one is no plain name, or stands twice. */
export function coveredNames({ items }: InnerList): readonly string[] | undefined {
  const names = new Set<string>();
  for (const { item, parameters } of items) {
    // Parts of fields, of the other message and of trailers (§2.1.1 to §2.1.4) are not read here.
    if (item.kind !== 'string' || parameters.size > 0) return undefined;
    names.add(item.value);
  }
  return names.size === items.length ? [...names] : undefined;
}

/**
 * What is signed (RFC 9421 §2.5): a line of each covered component, and one that says what they are.
 * `undefined` where the request lacks one of them.
 */
export function signatureBase(input: InnerList, message: SignedMessage): string | undefined {
  const lines: string[] = [];
  for (const name of coveredNames(input) ?? [undefined]) {
    const value = name === undefined ? undefined : componentValue(name, message);
    // A line break in a value would let one component speak for another (§7.5.2).
    if (value === undefined || /[\r\n]/.test(value)) return undefined;
    lines.push(`"${name}": ${value}`);
  }
  return [...lines, `"@signature-params": ${writeInnerList(input)}`].join('\n');
}
