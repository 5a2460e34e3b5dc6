import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Tells under which address a caller is counted. */
export type AddressOf = (incoming: IncomingMessage) => string;

// A wider network than /8 is nobody's row of proxies: whoever is in it could name any address.
const PREFIX_MIN = 8;

/** Reads addresses and networks, separated by commas. `undefined` when one of them is none or too wide. */
export function parseProxies(text: string): BlockList | undefined {
  const proxies = new BlockList();
  for (const entry of text.split(',')) {
    const [, address = '', bits] = /^([\da-fA-F:.]+)(?:\/(\d{1,3}))?$/.exec(entry.trim()) ?? [];
    const version = isIP(address);
    if (version === 0) return undefined;
    const length = version === 4 ? 32 : 128;
    const prefix = bits === undefined ? length : Number(bits);
    if (prefix < PREFIX_MIN || prefix > length) return undefined;
    proxies.addSubnet(address, prefix, familyOf(address));
  }
  return proxies;
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

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** Without a port, which some proxies write along, without a zone, and IPv4 as IPv4. */
function plain(text: string): string {
  const hop = text.trim();
  const [, inBrackets] = /^\[([^\]]*)\](?::\d+)?$/.exec(hop) ?? [];
  const [, beforePort] = /^([\d.]+):\d+$/.exec(hop) ?? [];
  const address = (inBrackets ?? beforePort ?? hop).replace(/%.*$/, '');
  return address.replace(/^::ffff:(?=[\d.]+$)/i, '');
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
