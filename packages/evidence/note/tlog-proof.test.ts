import { seededRandom } from '@proofline/kernel/node';
import { describe, expect, test } from 'vitest';
import { compactRange } from '../tree/compact-range.ts';
import { leafHash } from '../tree/hash.ts';
import { logSigner } from './log-signer.ts';
import { openTlogProof, parseTlogProof, writeTlogProof } from './tlog-proof.ts';

describe('a proof that can be kept', () => {
  const signer = logSigner('log.example/one', seededRandom('log').bytes(32));
  const [left, right] = [leafHash('left'), leafHash('right')];
  const range = compactRange();
  range.append(left);
  range.append(right);
  const checkpoint = signer.signCheckpoint({ size: 2, root: range.root() });
  const text = writeTlogProof({ index: 1, proof: [left], checkpoint });
  const open = (one: string, hash = right) =>
    openTlogProof(one, { leafHash: hash, key: signer.key });

  test('is spelled as C2SP has it, and opens for its leaf with the key of its log', () => {
    expect(text.split('\n').slice(0, 5)).toEqual([
      'c2sp.org/tlog-proof@v1',
      'index 1',
      Buffer.from(left).toString('base64'),
      '',
      'log.example/one',
    ]);
    expect(open(text)).toMatchObject({ origin: 'log.example/one', size: 2 });
    expect(open(text.replace('\nindex', '\nextra aGk=\nindex'))?.size).toBe(2);
  });

  test('does not open for another leaf, place, log or tree', () => {
    expect(open(text, left)).toBeUndefined();
    expect(open(text.replace('index 1', 'index 0'))).toBeUndefined();
    expect(open(text.replace('log.example/one\n2', 'log.example/one\n3'))).toBeUndefined();
    const other = logSigner('log.example/two', seededRandom('log').bytes(32));
    expect(openTlogProof(text, { leafHash: right, key: other.key })).toBeUndefined();
  });

  test.each([
    ['another first line', text.replace('@v1', '@v2')],
    ['no index', text.replace('index 1\n', '')],
    ['an index with a leading zero', text.replace('index 1', 'index 01')],
    ['a negative index', text.replace('index 1', 'index -1')],
    ['two extra lines', text.replace('\nindex', '\nextra aGk=\nextra aGk=\nindex')],
    ['respelled extra data', text.replace('\nindex', '\nextra aGl=\nindex')],
    ['half a hash', text.replace(/\n[^\n]{20}([^\n]*)\n\n/, '\n$1\n\n')],
    ['carriage returns', text.replaceAll('\n', '\r\n')],
    ['too many hashes', text.replace('\n\n', `\n${`${'A'.repeat(43)}=\n`.repeat(54)}\n`)],
    ['no end', text.slice(0, text.indexOf('\n\n'))],
  ])('with %s is malformed', (_, broken) => {
    expect(parseTlogProof(broken)).toBeUndefined();
  });
});
