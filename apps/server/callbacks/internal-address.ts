import { BlockList, isIP } from 'node:net';

/** IPv4 that is not for the public internet (IANA special-purpose registry), and multicast. */
const internal4 = new BlockList();
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  internal4.addSubnet(network, bits, 'ipv4');
}

/** Of IPv6, what is for the public internet is one block; these of it lead elsewhere. */
const global6 = new BlockList();
global6.addSubnet('2000::', 3, 'ipv6');
const internal6 = new BlockList();
for (const [network, bits] of [
  // Teredo and 6to4 carry an IPv4 address inside, which may be any.
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  internal6.addSubnet(network, bits, 'ipv6');
}

/** Whether an address is anywhere but on the public internet. What is no address counts as internal. */
export function isInternalAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return internal4.check(address, 'ipv4');
  if (family !== 6) return true;
  return !global6.check(address, 'ipv6') || internal6.check(address, 'ipv6');
}
