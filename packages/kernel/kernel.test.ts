import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  base64urlToBytes,
  bytesToBase64url,
  canonicalJson,
  fixedClock,
  hexToBytes,
  isId,
  newId,
  type Json,
} from './index.ts';
import { seededRandom } from './node.ts';

describe('canonical JSON (RFC 8785)', () => {
  it('sorts members by UTF-16 code units and keeps ECMAScript numbers', () => {
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\u{1f600}': 5 })).toBe(
      '{"\\r":2,"1":4,"€":1,"\u{1f600}":5,"\ufb33":3}',
    );
    expect(canonicalJson([333333333.33333329, 1e30, 4.5, 2e-3, 1e-27])).toBe(
      '[333333333.3333333,1e+30,4.5,0.002,1e-27]',
    );
  });
  it('refuses what two readers could read differently', () => {
    expect(() => canonicalJson(Number.NaN)).toThrow(/not finite at \$/);
    expect(() => canonicalJson({ a: ['\ud800'] })).toThrow(/lone surrogate at \$\.a\[0\]/);
    expect(() => canonicalJson(new Date(0) as unknown as Json)).toThrow(/object/);
  });
  it('writes every JSON value so that it reads back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'grapheme' }), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
      }),
    );
  });
});

describe('base64url', () => {
  it('round-trips bytes and refuses every other spelling of them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        expect(base64urlToBytes(bytesToBase64url(bytes))).toEqual(bytes);
      }),
    );
    for (const text of ['AA==', 'AB', 'A', 'A+/A', 'AA\n']) {
      expect(base64urlToBytes(text)).toBeUndefined();
    }
  });
});

describe('ids', () => {
  it('are ordered by time, of one kind, and well formed', () => {
    const clock = fixedClock();
    const random = seededRandom('ids');
    const first = newId('cse', { clock, random });
    clock.advance(1);
    const second = newId('cse', { clock, random });
    expect(first < second).toBe(true);
    expect(isId('cse', first)).toBe(true);
    expect(isId('ses', first)).toBe(false);
    expect(isId('cse', `${first}x`)).toBe(false);
  });
  it('are spelled as TypeID spells them (specification v0.3, valid.json)', () => {
    const spelled = (hex: string) => {
      const clock = fixedClock(Number.parseInt(hex.slice(0, 12), 16));
      return newId('cse', { clock, random: { bytes: () => hexToBytes(hex)! } });
    };
    expect(spelled('01890a5dac96774bbcceb302099a8057')).toBe('cse_01h455vb4pex5vsknk084sn02q');
    expect(spelled('ffffffffffff7fffbfffffffffffffff')).toBe('cse_7zzzzzzzzzfzzvzzzzzzzzzzzz');
  });
});
