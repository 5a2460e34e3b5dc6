import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mask, maskKinds, maskText, type MaskKind } from './index.ts';

/** How many characters of the input each kind may show at most. */
const shownMax: Record<MaskKind, (text: string) => number> = {
  last4: () => 4,
  phone: () => 2,
  email: (text) => text.length - text.lastIndexOf('@'),
  name: (text) => text.split(/\s+/).length,
  date: () => 4,
  text: () => 0,
};

/** What is neither cover nor separator, hence comes from the input. */
function shown(masked: string): string[] {
  return [...masked.replaceAll('•', '').replaceAll(/[ @]/g, '').replaceAll(/-+$/g, '')];
}

const texts = fc
  .oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.string({ unit: fc.constantFrom('7', '4', '+', ' ', '-'), maxLength: 20 }),
    fc.emailAddress(),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc
      .array(fc.string({ unit: 'grapheme-ascii', maxLength: 8 }), { maxLength: 5 })
      .map((words) => words.join(' ')),
  )
  .filter((text) => !text.includes('•'));

describe('masks', () => {
  it('never show more characters of the input than their kind allows', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom(...maskKinds), (text, kind) => {
        expect(shown(maskText(text, kind)).length).toBeLessThanOrEqual(shownMax[kind](text));
      }),
    );
  });
  it('never show the whole of a value', () => {
    fc.assert(
      fc.property(
        texts.filter((text) => text.trim().length > 0),
        fc.constantFrom(...maskKinds),
        (text, kind) => {
          expect(maskText(text, kind)).not.toContain(text.trim());
        },
      ),
    );
  });
  it('show what helps to recognise a value that one already knows', () => {
    expect(mask('4111111111111111', 'last4')).toBe('•••1111');
    expect(mask('anna.berg@example.org', 'email')).toBe('a•••@example.org');
    expect(mask('+49 30 555 017', 'phone')).toBe('•••17');
    expect(mask('Anna Maria Berg', 'name')).toBe('A••• M••• B•••');
    expect(mask('1984-05-17', 'date')).toBe('1984-••-••');
  });
  it('cover short values wholly', () => {
    expect(mask('4242', 'last4')).toBe('•••');
    expect(mask('12', 'phone')).toBe('•••');
    expect(mask('a@b', 'email')).toBe('•••');
    expect(mask('X', 'name')).toBe('•••');
    // One character, two code units.
    expect(mask('\u{10000}', 'name')).toBe('•••');
    expect(mask('\u{10000}\u{10000}@b', 'email')).toBe('•••');
  });
  it('cover every leaf of an object and of an array', () => {
    expect(mask({ a: ['secret', 7, true, null], b: { c: 'more' } }, 'text')).toEqual({
      a: ['•••', '•••', '•••', null],
      b: { c: '•••' },
    });
  });
});
