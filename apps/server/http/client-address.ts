import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Tells under which address a caller is counted. */
export type AddressOf = (incoming: IncomingMessage) => string;

// Wider networks are nobody's row of proxies: whoever is in one could name any address. A provider is
// given a /32 of IPv6 (RFC 6177 §2); shorter ones hold many companies, or all of IPv4 (`::/8`).
const PREFIX_MIN = { ipv4: 8, ipv6: 32 } as const;
const MAPPED_BITS = 96;

/** Reads addresses and networks, separated by commas. `undefined` when one of them is none or too wide. */
export function parseProxies(text: string): BlockList | undefined {
  const proxies = new BlockList();
  for (const entry of text.split(',')) {
    const [, written = '', bits] = /^([\da-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(entry.trim()) ?? [];
    if (isIP(written) === 0) return undefined;
    const given = bits === undefined ? undefined : Number(bits);
    const network = networkIn(written, given);
    if (network === undefined) return undefined;
    proxies.addSubnet(network.address, network.prefix, network.family);
  }
  return proxies;
}

/** A network of IPv4 that is written in IPv6 is judged as what it is (RFC 4291 §2.5.5.2). */
function networkIn(written: string, bits: number | undefined) {
  const address = unmapped(written);
  const family = familyOf(address);
  const isMapped = familyOf(written) !== family;
  const length = family === 'ipv4' ? 32 : 128;
  const prefix = bits === undefined ? length : bits - (isMapped ? MAPPED_BITS : 0);
  return prefix < PREFIX_MIN[family] || prefix > length ? undefined : { address, prefix, family };
}

/**
 * Only a proxy of ours is believed what it says about others, and of its list only what it or
 * another proxy of ours wrote: each appends the address it was called from, so the rightmost one
 * that is not ours is the caller's. Everything left of it the caller may have made up.
 */
export function createAddressOf(proxies: BlockList): AddressOf {
  const isOurs = (address: string) => proxies.check(address, familyOf(address));
  return ({ socket, headers }) => {
    let address = plain(socket.remoteAddress ?? '');
    // Node joins several headers of this name with commas, in their order.
    const hops = String(headers['x-forwarded-for'] ?? '').split(',');
    while (isIP(address) !== 0 && isOurs(address)) {
      const hop = plain(hops.pop() ?? '');
      if (isIP(hop) === 0) break;
      address = hop;
    }
    return networkOf(address);
  };
}

/**
 * Under which address a connection is counted; `undefined` for a proxy of ours, which brings
 * everybody's.
 */
export function createPeerOf(
  proxies: BlockList,
): (socket: { remoteAddress?: string | undefined }) => string | undefined {
  return ({ remoteAddress }) => {
    const address = plain(remoteAddress ?? '');
    const isOurs = isIP(address) !== 0 && proxies.check(address, familyOf(address));
    return isOurs ? undefined : networkOf(address);
  };
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Without a port, which some proxies write along, without a zone, and IPv4 as IPv4. */
function plain(text: string): string {
  const hop = text.trim();
  const [, inBrackets] = /^\[([^\]]*)\](?::\d+)?$/.exec(hop) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/.exec(hop) ?? [];
  const address = (inBrackets ?? beforePort ?? hop).replace(/%.*$/, '');
  return unmapped(address);
}

/** `::ffff:202:202`, `::FFFF:2.2.2.2` and every other spelling → `2.2.2.2`. */
function unmapped(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address;
  // A URL writes an address in its one canonical form (RFC 5952).
  const { hostname } = new URL(`http://[${address}]`);
  const [, high, low] = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/.exec(hostname) ?? [];
  if (high === undefined || low === undefined) return address;
  const halves = [high, low].map((group) => Number.parseInt(group, 16));
  return halves.flatMap((half) => [Math.floor(half / 256), half % 256]).join('.');
}

/** One household or company is given a whole /64 (RFC 6177 §2): its 2^64 addresses are one caller. */
function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  // A URL writes an address in its one canonical form (RFC 5952).
  const { hostname } = new URL(`http://[${address}]`);
  const [head = '', tail] = hostname.slice(1, -1).split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - groups.length - after.length }, () => '0');
  return `${[...groups, ...zeros, ...after].slice(0, 4).join(':')}::/64`;
}
