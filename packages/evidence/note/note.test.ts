import { describe, expect, test } from 'vitest';
import { seededRandom } from '@proofline/kernel/node';
import { EMPTY_ROOT, leafHash } from '../tree/hash.ts';
import { openCheckpoint, parseCheckpoint } from './checkpoint.ts';
import { logSigner } from './log-signer.ts';
import { parseNote, verifyNote, writeNote } from './signed-note.ts';
import { parseVerifierKey, verifierKey } from './verifier-key.ts';

// The example of golang.org/x/mod/sumdb/note, from which C2SP signed-note comes.
const goKey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const goNote =
  'If you think cryptography is the answer to your problem,\n' +
  'then you don’t know what your problem is.\n'.replace('’', "'") +
  '\n' +
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

describe('a signed note', () => {
  test('of the Go authors verifies with their key', () => {
    const key = parseVerifierKey(goKey)!;
    const note = parseNote(goNote)!;
    expect(key.text).toBe(goKey);
    expect(verifyNote(note, key)).toBe(true);
    expect(writeNote(note)).toBe(goNote);
  });

  test('is refused with its text changed', () => {
    const note = parseNote(goNote.replace('answer', 'Answer'))!;
    expect(verifyNote(note, parseVerifierKey(goKey)!)).toBe(false);
  });

  test('of somebody else is not verified by its name alone', () => {
    const note = parseNote(goNote)!;
    const other = verifierKey('PeterNeumann', seededRandom('other').bytes(32));
    expect(verifyNote(note, other)).toBe(false);
  });

  test.each([
    ['no signature', 'text\n'],
    ['no blank line', 'text\n\u2014 name AAAAAAA=\n'],
    ['no final newline', goNote.slice(0, -1)],
    ['a hyphen for the dash', goNote.replace('\u2014', '-')],
    ['a carriage return', goNote.replaceAll('\n', '\r\n')],
    ['a plus in the name', goNote.replace('\u2014 Peter', '\u2014 Peter+')],
    ['unpadded base64', goNote.replace('nAM=', 'nAM')],
    ['respelled base64', goNote.replace('nAM=', 'nAN=')],
    ['a short signature', `text\n\n\u2014 name AAAA\n`],
    ['something after it', `${goNote}more\n`],
  ])('with %s is malformed', (_, text) => {
    expect(parseNote(text)).toBeUndefined();
  });
});

describe('a verifier key', () => {
  test.each([
    ['another hash', goKey.replace('c74f20a3', 'c74f20a4')],
    ['another name', goKey.replace('Peter', 'Pieter')],
    ['another type', goKey.replace('+ARpc', '+Ahpc')],
    ['a cut key', goKey.slice(0, -4)],
    ['a space in the name', goKey.replace('PeterN', 'Peter N')],
  ])('with %s is malformed', (_, text) => {
    expect(parseVerifierKey(text)).toBeUndefined();
  });
});

describe('a checkpoint', () => {
  const signer = logSigner('log.example/one', seededRandom('log').bytes(32));
  const note = signer.signCheckpoint({ size: 12, root: leafHash('x') });

  test('opens with the key of its log', () => {
    expect(openCheckpoint(note, signer.key)).toMatchObject({ origin: 'log.example/one', size: 12 });
  });

  test('does not open with a key of another log, nor with another size', () => {
    const other = logSigner('log.example/two', seededRandom('log').bytes(32));
    expect(openCheckpoint(note, other.key)).toBeUndefined();
    expect(openCheckpoint(note.replace('\n12\n', '\n13\n'), signer.key)).toBeUndefined();
  });

  test.each([
    ['a size with a leading zero', 'o\n012\n'],
    ['a negative size', 'o\n-1\n'],
    ['no origin', '\n12\n'],
  ])('with %s is malformed', (_, head) => {
    const root = Buffer.from(EMPTY_ROOT).toString('base64');
    expect(parseCheckpoint(`${head}${root}\n`)).toBeUndefined();
    expect(parseCheckpoint(`o\n12\n${root}\n`)).toBeDefined();
  });

  test('keeps a private key that gives the public key of RFC 8032 §7.1, test 1', () => {
    const seed = Buffer.from(
      '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      'hex',
    );
    expect(Buffer.from(logSigner('o', seed).key.publicKey).toString('hex')).toBe(
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    );
  });
});
