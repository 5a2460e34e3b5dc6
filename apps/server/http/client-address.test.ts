import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createAddressOf, parseProxies } from './client-address.ts';

/** How a caller is counted who connects from `peer` and says `forwarded`. */
function counted(trusted: string | undefined, peer: string, forwarded?: string): string {
  const proxies = parseProxies(trusted ?? '192.0.2.1');
  if (proxies === undefined) throw new Error('no proxies');
  const incoming = {
    socket: { remoteAddress: peer },
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
  } as unknown as IncomingMessage; // all that is read of one
  return createAddressOf(proxies)(incoming);
}

describe('the address under which a caller is counted', () => {
  it.each([
    ['nobody is trusted', undefined, '203.0.113.7', '198.51.100.1'],
    ['another one is trusted', '10.0.0.1', '203.0.113.7', '198.51.100.1, 10.0.0.1'],
    ['it is outside of the trusted network', '10.1.0.0/16', '10.2.0.1', '198.51.100.1'],
  ])('is the peer’s, whatever its header says, when %s', (...[, trusted, peer, forwarded]) => {
    expect(counted(trusted, peer, forwarded)).toBe(peer);
  });

  it.each([
    ['the one hop', '203.0.113.7', '203.0.113.7'],
    ['the last hop, not what the caller wrote before it', '1.1.1.1, 203.0.113.7', '203.0.113.7'],
    ['the last one that is not ours', '1.1.1.1, 203.0.113.7, 10.0.0.2', '203.0.113.7'],
    ['not beyond what is no address', '1.1.1.1, unknown', '10.0.0.1'],
    ['not beyond an empty place', '203.0.113.7,', '10.0.0.1'],
    ['the outermost of ours when all are ours', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['a hop with its port', '203.0.113.7:5123', '203.0.113.7'],
    ['an IPv4 hop in IPv6 clothes', '::ffff:cb00:7107', '203.0.113.7'],
    ['not a proxy in them', '203.0.113.7, ::FFFF:A00:2', '203.0.113.7'],
    ['an IPv6 hop with its port', '[2001:db8:1:2::5]:5123', '2001:db8:1:2::/64'],
  ])('behind a trusted proxy is %s', (...[, forwarded, expected]) => {
    expect(counted('10.0.0.0/24', '10.0.0.1', forwarded)).toBe(expected);
    expect(counted('10.0.0.0/24', '::ffff:10.0.0.1', forwarded)).toBe(expected);
  });

  it('is the proxy’s own when it says nothing', () => {
    expect(counted('10.0.0.1', '10.0.0.1')).toBe('10.0.0.1');
  });

  it('is one for a whole /64, however it is written', () => {
    const written = [
      '2001:db8:0:7::1',
      '2001:0DB8:0000:0007:ffff::',
      '2001:db8:0:7:1:2:3:4',
      '2001:db8:0:7:1:2:3.4.5.6',
      '2001:db8:0:7::1%eth0',
    ];
    expect(new Set(written.map((peer) => counted(undefined, peer)))).toEqual(
      new Set(['2001:db8:0:7::/64']),
    );
    expect(counted(undefined, '2001:db8:0:8::1')).toBe('2001:db8:0:8::/64');
    expect(counted(undefined, '::1')).toBe('0:0:0:0::/64');
    expect(counted('fd00:1::/32', 'fd00:1::9', '2001:db8::1')).toBe('2001:db8:0:0::/64');
  });
});

describe('the setting', () => {
  it('means the same network in both spellings', () => {
    expect(counted('::ffff:10.0.0.0/120', '10.0.0.1', '203.0.113.7')).toBe('203.0.113.7');
    expect(counted('::ffff:10.0.0.0/120', '10.0.1.1', '203.0.113.7')).toBe('10.0.1.1');
  });
  it.each([
    '10.0.0.5',
    '10.1.0.0/16',
    '::1',
    'fd00:1::/32, 10.0.0.5 ,10.1.0.0/16',
    '::ffff:10.0.0.0/104',
  ])('takes %s', (text) => expect(parseProxies(text)).toBeDefined());
  it.each([
    '',
    ',',
    'proxy.internal',
    '10.0.0.5,',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    '::/129',
    '*',
  ])('refuses %j', (text) => expect(parseProxies(text)).toBeUndefined());
  it.each([
    '0.0.0.0/0',
    '::/0',
    '::/8',
    'fd00::/8',
    '2000::/31',
    '::ffff:0.0.0.0/96',
    '::ffff:0:0/96',
    '0:0:0:0:0:FFFF:0:0/103',
    '::ffff:10.0.0.0/95',
    '128.0.0.0/1',
    '10.0.0.5,0.0.0.0/7',
  ])('refuses %s: with it, everybody would be believed', (text) =>
    expect(parseProxies(text)).toBeUndefined(),
  );
});
