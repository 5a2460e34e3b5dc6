import fc from 'fast-check';

/** The constructors of extension values. */
export type Constructor = 'decimal' | 'ip' | 'datetime' | 'duration';

/** A table of texts, with `|` between them. */
function texts(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split('|'));
}

/** Texts that Cedar takes, the edges of each format among them. */
export const goodTexts: Readonly<Record<Constructor, readonly string[]>> = {
  decimal: texts(
    '0.0|-0.0|-0.5|-0.0001|1.2|1.20|01.2|-00.1000|12345678901.2345',
    '123456789012.3456|-123456789012.3456|900719925474.0991|900719925474.0992',
    '-900719925474.0992|922337203685477.5807|-922337203685477.5808',
    `${'0'.repeat(40)}7.5`,
  ),
  ip: texts(
    '0.0.0.0|1.2.3.4|255.255.255.255|1.2.3.4/0|1.2.3.4/32|10.0.0.1/8',
    '127.0.0.1|127.1.2.3/8|127.0.0.1/7|224.0.0.0|224.0.0.0/4|224.0.0.0/3',
    '239.255.255.255/31|10.0.0.0/24|10.0.0.128/25|10.0.0.127/25|10.0.0.0/23',
    '::|::1|1::|::/0|::1/128|::1/127|ff00::/8|ff00::/7|ffff::1',
    '1:2:3:4:5:6:7:8|1:2:3:4:5:6:7::|::2:3:4:5:6:7:8|1::3:4:5:6:7:8|ABCD::abcd',
    '0001:0000::|fe80::1/64|fe80::2/63|fe80:0:0:1::/64|::ffff:7f00:1',
    'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128',
  ),
  datetime: texts(
    '1970-01-01|1969-12-31|0000-01-01|0000-02-29|0099-12-31|9999-12-31',
    '2024-02-29|2000-02-29|2024-10-15T11:38:02Z|2024-10-15T11:38:02.101Z',
    '2024-10-15T11:38:02.101+1134|2024-10-15T11:38:02-1134|1969-12-31T23:59:59.999Z',
    '2024-10-15T23:59:59+2359|2024-10-15T00:00:00-2359|1970-01-01T00:00:00-0000',
    '0000-01-01T00:00:00+2359|9999-12-31T23:59:59.999-2359|1900-03-01|1600-02-29',
  ),
  duration: texts(
    '0ms|-0ms|1d|1h|1m|1s|1ms|-1d2h3m4s5ms|1d5ms|5m5ms|90s',
    '2h61m|0001d|-1ms|86399999ms|-86400000ms|-86400001ms|106751991167d',
    '9007199254740991ms|9007199254740992ms|-9007199254740992ms|9007199254740s991ms',
    '9223372036854775807ms|-9223372036854775808ms|9223372036854775s807ms',
    '106751991167d7h12m55s807ms|-106751991167d7h12m55s808ms',
    `${'0'.repeat(30)}1d`,
  ),
};

/** Texts that Cedar refuses. */
export const badTexts: Readonly<Record<Constructor, readonly string[]>> = {
  decimal: texts(
    '|.|-|1|1.|.1|-.1|-1.|+1.0|1.00000|1.12345|1e5|1.0e1',
    ' 1.0|1.0 |1.0\n|1,0|--1.0|1.-0|1.2.3|0x1.0|١.٠|NaN|1_0.0',
    '922337203685477.5808|-922337203685477.5809|922337203685478.0|9',
    '1.0\0',
    `${'9'.repeat(400)}.0`,
  ),
  ip: texts(
    '|1|1.2.3|1.2.3.4.5|1.2.3.|.1.2.3|01.2.3.4|1.2.3.04|00.0.0.0',
    '256.1.1.1|1.2.3.1000|-1.2.3.4|+1.2.3.4| 1.2.3.4|1.2.3.4 |1.2.3.4\n',
    '1.2.3.4/|1.2.3.4/33|1.2.3.4/08|1.2.3.4/00|1.2.3.4/+8|1.2.3.4/8/8',
    '1.2.3.4/-1|1.2.3.4/ 8|1.2.3.4/008|/8|0x1.2.3.4|1.2.3.4:80|１.2.3.4',
    ':|:::|::1::|1:::2|:1|1:|1:2:3:4:5:6:7|1:2:3:4:5:6:7:8:9|:1::2',
    '1:2:3:4:5:6:7:8::|::1:2:3:4:5:6:7:8|1::2:3:4:5:6:7:8|1::2:|12345::|g::',
    '::1.2.3.4|::ffff:192.168.0.1|1:2:3:4:5:6:1.2.3.4|fe80::1%eth0|[::1]',
    '::1/129|::1/0128|::1/001|::1/01|::/|::1/1 |::1/x|/::|1.2.3.4/::',
    'ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255/128',
  ),
  datetime: texts(
    '|-|a|11-12-13|10000-01-01|-001-01-01|2024-1-01|2024-01-1|20240101',
    '2024-00-01|2024-13-01|2024-01-00|2024-01-32|2024-04-31|2024-02-30',
    '2023-02-29|1900-02-29|2024-01-01Z|2024-01-01T|2024-01-01t00:00:00Z',
    '2024-01-01T00:00:00|2024-01-01T00:00:00z|2024-01-01T00:00:00ZZ|2024/01/01',
    '2024-01-01T24:00:00Z|2024-01-01T00:60:00Z|2024-01-01T23:59:60Z|2024-01-01 ',
    '2024-01-01T00:00:00.Z|2024-01-01T00:00:00.1Z|2024-01-01T00:00:00.12Z',
    '2024-01-01T00:00:00.1234Z|2024-01-01T00:00:00+00:00|2024-01-01T00:00:00+00',
    '2024-01-01T00:00:00+2400|2024-01-01T00:00:00-0060|2024-01-01T00:00:00.123',
    '2024-01-01T00:00Z|2024-01-01 00:00:00Z| 2024-01-01|2024-01-01\n|٢٠٢٤-01-01',
    '2024-01-01T00:00:00,123Z|2024-01-01T00:00:00Z+0000|2024-01-01T00:00:00−0100',
  ),
  duration: texts(
    '|-|d|-d|1|1.5s|+1d|--1d|1 d| 1d|1d |1d\n|1D|1w|1y',
    '1d1d|1h1d|1ms1s|1s1m|1m1h|5ms5ms|1dh|d1|1d-1h|1us|1mss',
    '9223372036854775808ms|-9223372036854775809ms|18446744073709551616ms|1msm',
    '106751991168d|-106751991168d|9223372036854776s|106751991167d7h12m55s808ms',
    '١d|1d\0',
    `${'9'.repeat(400)}d`,
  ),
};

const parts: Readonly<Record<Constructor, readonly string[]>> = {
  decimal: ['-', '.', '0', '00', '1.5', '.0001', '922337203685477', '5807', '5808', '٣'],
  ip: [
    '.',
    ':',
    '::',
    '/',
    '0',
    '1',
    '10',
    '255',
    '256',
    'ffff',
    'a',
    '1.2.3.4',
    '::1',
    '/24',
    '/128',
  ],
  datetime: [
    '-',
    'T',
    ':',
    'Z',
    '.',
    '+',
    '2024',
    '02',
    '29',
    '-01',
    '1969-12-31',
    '23:59:59',
    '.999',
    '0100',
  ],
  duration: [
    '-',
    'd',
    'h',
    'm',
    's',
    'ms',
    '1',
    '0',
    '1d',
    '2h',
    '3m',
    '4s',
    '5ms',
    '9223372036854775807',
  ],
};

/** A text that is good, nearly good, or made of the pieces of good ones. */
export function arbitraryText(constructor: Constructor): fc.Arbitrary<string> {
  const pieces = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...parts[constructor]) },
    { weight: 2, arbitrary: fc.nat(99_999).map(String) },
    { weight: 1, arbitrary: fc.string({ maxLength: 2, unit: 'grapheme' }) },
  );
  return fc.oneof(
    { weight: 4, arbitrary: wellFormed[constructor] },
    { weight: 3, arbitrary: bent(wellFormed[constructor]) },
    { weight: 2, arbitrary: bent(fc.constantFrom(...goodTexts[constructor])) },
    { weight: 2, arbitrary: fc.array(pieces, { maxLength: 8 }).map((all) => all.join('')) },
  );
}

/** A text with one character left out, put in or replaced. */
function bent(good: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const piece = fc.constantFrom(...'-+.:/ 0159adfhmsTZ\0٣é');
  return fc.tuple(good, fc.nat(60), piece, fc.nat(2)).map(([text, at, character, how]) => {
    const index = at % (text.length + 1);
    const [head, tail] = [text.slice(0, index), text.slice(index)];
    return head + (how === 0 ? '' : character) + (how === 1 ? tail : tail.slice(1));
  });
}

const pad = (digits: number, max: number) =>
  fc.nat(max).map((value) => String(value).padStart(digits, '0'));
const optional = (text: fc.Arbitrary<string>) => fc.oneof(fc.constant(''), text);
const joined = (...all: fc.Arbitrary<string>[]) => fc.tuple(...all).map((each) => each.join(''));
const sign = fc.constantFrom('', '-');
const group = fc.oneof(
  fc.constant('0'),
  fc.constant('ffff'),
  fc.nat(0xffff).map((n) => n.toString(16)),
);
const groups = (maxLength: number) => fc.array(group, { maxLength }).map((all) => all.join(':'));
const count = fc
  .oneof(fc.nat(1000), fc.bigInt(0n, 2n ** 54n), fc.bigInt(0n, 2n ** 65n))
  .map(String);
const unit = (name: string) => optional(count.map((text) => text + name));

/** Of the format’s shape; numbers may be out of their range. */
const wellFormed: Readonly<Record<Constructor, fc.Arbitrary<string>>> = {
  decimal: joined(
    sign,
    fc.oneof(fc.nat(100), fc.bigInt(0n, 930_000_000_000_000n)).map(String),
    fc.constant('.'),
    fc.oneof(pad(4, 9999), fc.nat(99_999).map(String)),
  ),
  ip: joined(
    fc.oneof(
      fc
        .array(fc.oneof(fc.constantFrom(0, 10, 127, 224), fc.nat(260)), {
          minLength: 4,
          maxLength: 4,
        })
        .map((bytes) => bytes.join('.')),
      fc.array(group, { minLength: 8, maxLength: 8 }).map((all) => all.join(':')),
      joined(groups(4), fc.constant('::'), groups(4)),
    ),
    optional(fc.oneof(fc.nat(34), fc.nat(130)).map((bits) => `/${bits}`)),
  ),
  datetime: joined(
    fc.oneof(pad(4, 9999), fc.constantFrom('0000', '1969', '2000', '1900', '2024')),
    joined(fc.constant('-'), pad(2, 13), fc.constant('-'), pad(2, 32)),
    optional(
      joined(
        joined(
          fc.constant('T'),
          pad(2, 24),
          fc.constant(':'),
          pad(2, 60),
          fc.constant(':'),
          pad(2, 60),
        ),
        optional(pad(3, 999).map((ms) => `.${ms}`)),
        fc.oneof(fc.constant('Z'), joined(fc.constantFrom('+', '-'), pad(2, 24), pad(2, 60))),
      ),
    ),
  ),
  duration: joined(sign, unit('d'), unit('h'), unit('m'), unit('s'), unit('ms')),
};
