/**
 * The values of a cookie in a `Cookie` header, by its exact name (RFC 6265 §5.4). Read by hand: a
 * parser that trims more than spaces and tabs takes `\u00a0__Host-…`, which a sibling subdomain may
 * set, for the real one. More than one value means that one of them was planted.
 */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  return (header ?? '')
    .split(';')
    .map((pair) => pair.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}
