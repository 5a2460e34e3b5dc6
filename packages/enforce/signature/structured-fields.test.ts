import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsContentDigest, readDictionary, writeInnerList } from '../index.ts';
import { writeBareItem, type BareItem } from './structured-fields.ts';

const bare = fc.oneof(
  fc.record({ kind: fc.constant('integer' as const), value: fc.integer() }),
  fc.record({ kind: fc.constant('boolean' as const), value: fc.boolean() }),
  fc.record({
    kind: fc.constant('string' as const),
    value: fc.stringMatching(/^[\x20-\x7e]{0,20}$/),
  }),
  fc.record({
    kind: fc.constant('token' as const),
    value: fc.stringMatching(/^[A-Za-z*][!a-z:/]{0,9}$/),
  }),
  fc.record({
    kind: fc.constant('bytes' as const),
    value: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
  }),
);
const parameters = fc
  .uniqueArray(fc.tuple(fc.stringMatching(/^[a-z*][a-z0-9_.*-]{0,5}$/), bare), {
    selector: ([name]) => name,
    maxLength: 4,
  })
  .map((pairs) => new Map<string, BareItem>(pairs));
const inner = fc.record({
  items: fc.array(fc.record({ item: bare, parameters }), { maxLength: 5 }),
  parameters,
});

describe('structured fields (RFC 9651)', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(inner, bare, (list, item) => {
        const text = `a=${writeInnerList(list)},\t b=${writeBareItem(item)}`;
        const read = readDictionary(text);
        expect(read?.get('a')).toEqual(list);
        expect(read?.get('b')).toEqual({ item, parameters: new Map() });
      }),
      { numRuns: 300, seed: 9651 },
    );
  });
  it('are not read where anything is left over, missing, twice or too much', () => {
    for (const text of [
      'a=1,',
      'a=1 b=2',
      'a=1,,b=2',
      'A=1',
      '1a=1',
      'a=',
      'a=1;',
      'a=(1',
      'a=(1 2',
      'a=1)',
      'a=(1,2)',
      'a=("x""y")',
      'a=(\t1)',
      'a="x',
      'a="\\n"',
      'a="é"',
      'a="\u007f"',
      'a=1.5',
      'a=1234567890123456',
      'a=@1659578233',
      'a=%"x"',
      'a=:YQ:',
      'a=:YR==:',
      'a=:Y-_=:',
      'a=:YQ==',
      'a=?2',
      'a=?',
      '\ta=1',
      'a=1,a=2',
      'a=();x=1;x=2',
      'a=1;X=1',
      `a="${'x'.repeat(4096)}"`,
      `a=(${'1 '.repeat(33)})`,
      `a=1${Array.from({ length: 17 }, (_, at) => `;p${at}`).join('')}`,
      Array.from({ length: 9 }, (_, at) => `m${at}=1`).join(','),
    ]) {
      expect([text, readDictionary(text)]).toEqual([text, undefined]);
    }
  });
  it('never throw, whatever stands there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 60 }), async (text) => {
        readDictionary(text);
        readDictionary(`sig=(${text});created=1`);
        expect(await holdsContentDigest(text, new Uint8Array())).toBe(false);
      }),
      { numRuns: 300, seed: 8941 },
    );
  });
  it('take time in proportion to their length', () => {
    const started = process.cpuUsage();
    for (const part of ['(', ' ', ';a', '"\\"', ':', 'a=(', '\t,']) {
      readDictionary(`a=${part.repeat(4000).slice(0, 4090)}`);
    }
    expect(process.cpuUsage(started).user / 1000).toBeLessThan(500);
  });
});

describe('a content digest (RFC 9530)', () => {
  const body = new TextEncoder().encode('{}');
  const good = 'sha-256=:RBNvo1WzZ4oRRq0W9+hknpT7T8If536DEMBg9hyq/4o=:';
  it('holds for its body alone, and every known algorithm must', async () => {
    expect(await holdsContentDigest(good, body)).toBe(true);
    expect(await holdsContentDigest(`unixsum=:AAA=:, ${good}`, body)).toBe(true);
    for (const field of [
      undefined,
      '',
      'sha-256=:AAAA:',
      'unixsum=:AAA=:',
      'md5=:AAA=:',
      'sha-256=x',
      'sha-256',
      `${good}, sha-512=:AAAA:`,
      `${good}, ${good}`,
      good.replace('RB', 'RC'),
      'constructor=:AAA=:',
    ]) {
      expect([field, await holdsContentDigest(field, body)]).toEqual([field, false]);
    }
    expect(await holdsContentDigest(good, new TextEncoder().encode('[]'))).toBe(false);
  });
});
