import { digitsEnd, smallNumber } from './digits.ts';
import { ExtensionValue } from './value.ts';

/** The longest text that Cedar reads: eight full groups and a prefix. */
const TEXT_MAX = 43;

/** A value of Cedar's `ipaddr`: an address with the length of its prefix, all of it for one host. */
export class IpAddress extends ExtensionValue {
  readonly version: 4 | 6;
  /** The address: four bytes, or eight groups of 16 bits. */
  readonly parts: readonly number[];
  readonly prefix: number;

  constructor(version: 4 | 6, parts: readonly number[], prefix: number) {
    super();
    this.version = version;
    this.parts = parts;
    this.prefix = prefix;
  }

  /** The bits behind the prefix count too: `10.0.0.1/8` is not `10.0.0.2/8`. */
  equals(other: ExtensionValue): boolean {
    return (
      other instanceof IpAddress &&
      other.version === this.version &&
      other.prefix === this.prefix &&
      this.#sharesBits(other, this.version === 4 ? 32 : 128)
    );
  }

  key(): string {
    return `ip ${this.version} ${this.prefix} ${this.parts.join('.')}`;
  }

  /** Whether each address of this range is one of the other’s. */
  isInRange(other: IpAddress): boolean {
    return (
      other.version === this.version &&
      other.prefix <= this.prefix &&
      this.#sharesBits(other, other.prefix)
    );
  }

  /** Whether all of it lies in `127.0.0.0/8`, or is `::1`. */
  isLoopback(): boolean {
    return this.isInRange(this.version === 4 ? loopback4 : loopback6);
  }

  /** Whether all of it lies in `224.0.0.0/4` or `ff00::/8`. */
  isMulticast(): boolean {
    return this.isInRange(this.version === 4 ? multicast4 : multicast6);
  }

  override toString(): string {
    const address =
      this.version === 4
        ? this.parts.join('.')
        : this.parts.map((group) => group.toString(16)).join(':');
    return this.prefix === (this.version === 4 ? 32 : 128) ? address : `${address}/${this.prefix}`;
  }

  /** Whether the first `bits` bits are the same; both are of one version. */
  #sharesBits(other: IpAddress, bits: number): boolean {
    const width = this.version === 4 ? 8 : 16;
    for (let index = 0, left = bits; left > 0; index += 1, left -= width) {
      const difference = (this.parts[index] ?? 0) ^ (other.parts[index] ?? 0);
      if (difference >> Math.max(0, width - left) !== 0) return false;
    }
    return true;
  }
}

const loopback4 = new IpAddress(4, [127, 0, 0, 0], 8);
const loopback6 = new IpAddress(6, [0, 0, 0, 0, 0, 0, 0, 1], 128);
const multicast4 = new IpAddress(4, [224, 0, 0, 0], 4);
const multicast6 = new IpAddress(6, [0xff00, 0, 0, 0, 0, 0, 0, 0], 8);

/**
 * Reads an IPv4 address (no leading zeros) or an IPv6 address (no IPv4 inside, no zone), either with
 * an optional `/prefix`; `undefined` for anything else.
 */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (text.length > TEXT_MAX) return undefined;
  const slash = text.indexOf('/');
  const address = slash === -1 ? text : text.slice(0, slash);
  const version = address.includes(':') ? 6 : 4;
  const bits = version === 4 ? 32 : 128;
  const parts = version === 4 ? readIpv4(address) : readIpv6(address);
  const prefix = slash === -1 ? bits : readShortNumber(text.slice(slash + 1), bits);
  if (parts === undefined || prefix === undefined) return undefined;
  return new IpAddress(version, parts, prefix);
}

function readIpv4(text: string): number[] | undefined {
  const bytes: number[] = [];
  for (const part of text.split('.')) {
    const byte = readShortNumber(part, 255);
    if (byte === undefined) return undefined;
    bytes.push(byte);
  }
  return bytes.length === 4 ? bytes : undefined;
}

/** One to three digits, none of them a leading zero. */
function readShortNumber(text: string, max: number): number | undefined {
  if (text === '' || text.length > 3 || digitsEnd(text, 0) !== text.length) return undefined;
  if (text.length > 1 && text.startsWith('0')) return undefined;
  const value = smallNumber(text, 0, text.length);
  return value > max ? undefined : value;
}

/** Eight groups, or fewer around one `::`, which stands for at least one group of zeros. */
function readIpv6(text: string): number[] | undefined {
  const gap = text.indexOf('::');
  if (gap === -1) {
    const groups = readGroups(text);
    return groups?.length === 8 ? groups : undefined;
  }
  const head = gap === 0 ? [] : readGroups(text.slice(0, gap));
  const tail = gap + 2 === text.length ? [] : readGroups(text.slice(gap + 2));
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  return missing < 1 ? undefined : [...head, ...Array<number>(missing).fill(0), ...tail];
}

function readGroups(text: string): number[] | undefined {
  const groups: number[] = [];
  for (const group of text.split(':')) {
    if (!/^[0-9A-Fa-f]{1,4}$/u.test(group)) return undefined;
    groups.push(Number.parseInt(group, 16));
  }
  return groups;
}
