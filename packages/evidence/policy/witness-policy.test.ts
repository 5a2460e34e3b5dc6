import { seededRandom } from '@proofline/kernel/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseWitnessKey, witnessSigner } from '../note/cosignature.ts';
import { openCheckpoint } from '../note/checkpoint.ts';
import { logSigner } from '../note/log-signer.ts';
import { parseNote, parseSignatures, writeNote, writeSignature } from '../note/signed-note.ts';
import { parseVerifierKey } from '../note/verifier-key.ts';
import { leafHash } from '../tree/hash.ts';
import { judgeCheckpoint, judgeWitnesses } from './judge-checkpoint.ts';
import { parsePolicy } from './parse-policy.ts';
import type { WitnessPolicy } from './witness-policy.ts';

// A checkpoint of a public log of 2026, with what four public witnesses wrote under it.
const publicNote = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

\u2014 arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
\u2014 arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
\u2014 transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
\u2014 witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
\u2014 remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
\u2014 witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
`;
const publicPolicy = `# Real keys of real witnesses.
log arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f
witness garden transparency.dev/DEV:witness-little-garden+d8042a87+BCtusOxINQNUTN5Oj8HObRkh2yHf/MwYaGX4CPdiVEPM
witness smartit witness1.smartit.nu/witness1+a48c820f+BPSFWg9G6KPiO7QPryYO5Xq4oYJJ+kAvLKLSimDhoxMO
witness\tremora \t remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2
witness mole witness.stagemole.eu+67f7aea0+BEqSG3yu9YrmcM3BHvQYTxwFj3uSWakQepafafpUqklv
witness navigli witness.navigli.sunlight.geomys.org+a3e00fe2+BNy/co4C1Hn1p+INwJrfUlgz7W55dSZReusH/GhUhJ/G https://navigli.example/
  group most 4 garden smartit remora mole navigli

quorum most
`;

function policyOf(text: string): WitnessPolicy {
  const parsed = parsePolicy(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
}

describe('cosignatures of others', () => {
  test('of a public log verify with the public keys of four witnesses, and say when', () => {
    const judged = judgeCheckpoint(publicNote, policyOf(publicPolicy));
    expect(judged).toMatchObject({
      isMet: true,
      metAtSeconds: 0x6a122120,
      checkpoint: { size: 1_432_088_532 },
    });
    const states = judged!.witnesses.map(({ cosigned }) => cosigned.state);
    expect(states).toEqual(['signed', 'signed', 'signed', 'signed', 'absent']);
  });

  test('do not verify over another size, and the note is then none', () => {
    const other = publicNote.replace('\n1432088532\n', '\n1432088533\n');
    expect(judgeCheckpoint(other, policyOf(publicPolicy))).toBeUndefined();
    const unsigned = policyOf(publicPolicy.replace(/^log .*\n/m, ''));
    const witnesses = judgeWitnesses(parseNote(other)!, unsigned).witnesses;
    expect(witnesses.filter(({ cosigned }) => cosigned.state === 'refused').length).toBe(4);
  });

  // C2SP tlog-cosignature, the example: which key it is stands in the first four bytes of the line.
  test('stand in the form of the specification: key id, eight bytes of time, 64 of signature', () => {
    const [line] = parseSignatures(
      '\u2014 witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n',
    )!;
    expect(Buffer.from(line!.keyId).toString('hex')).toBe('8d66cf3f');
    expect(line!.signature.length).toBe(72);
    expect(Buffer.from(line!.signature).readBigUInt64BE(0)).toBe(1_679_315_147n);
  });
});

const log = logSigner('log.example/one', seededRandom('policy log').bytes(32));
const note = log.signCheckpoint({ size: 12, root: leafHash('x') });
const signers = ['a', 'b', 'c', 'd'].map((name) =>
  witnessSigner(`witness.example/${name}`, seededRandom(name).bytes(32)),
);
const lines = signers.map(({ key }, at) => `witness ${'abcd'[at]} ${key.text}\n`).join('');

/** The note with cosignatures of these, each at its own time. */
function noteSignedBy(times: Readonly<Record<number, number>>): string {
  const { text } = parseNote(note)!;
  const added = Object.entries(times).map(([at, time]) =>
    writeSignature(signers[Number(at)]!.cosign(text, time)),
  );
  return note + added.join('');
}

describe('a witness’s key', () => {
  const { key, cosign } = signers[0]!;
  const { text } = parseNote(note)!;

  test('is for cosignatures alone, and a log’s key is for none', () => {
    expect(parseWitnessKey(key.text)?.text).toBe(key.text);
    expect(parseVerifierKey(key.text)).toBeUndefined();
    expect(parseWitnessKey(log.key.text)).toBeUndefined();
  });

  test('signs for its time and its text alone', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat({ max: 71 }), fc.nat({ max: 7 }), (time, at, bit) => {
        const signature = cosign(text, time);
        const found = key.findCosignature({ text, signatures: [signature] });
        const bytes = Uint8Array.from(signature.signature);
        bytes[at]! ^= 1 << bit;
        const forged = { ...signature, signature: bytes };
        return (
          found.state === 'signed' &&
          found.atSeconds === time &&
          key.findCosignature({ text, signatures: [forged] }).state === 'refused' &&
          key.findCosignature({ text: `${text}x\n`, signatures: [signature] }).state === 'refused'
        );
      }),
      { numRuns: 100, seed: 11 },
    );
  });

  test('says the newest time where it signed twice, and nothing where a line is not its own', () => {
    const twice = [cosign(text, 9), cosign(text, 4)];
    expect(key.findCosignature({ text, signatures: twice })).toMatchObject({ atSeconds: 9 });
    const foreign = { ...signers[1]!.cosign(text, 5), name: key.name, keyId: key.keyId };
    const mixed = { text, signatures: [...twice, foreign] };
    expect(key.findCosignature(mixed).state).toBe('refused');
  });

  test('does not sign as a log does: neither is taken for the other', () => {
    const seed = seededRandom('one key for both').bytes(32);
    const both = logSigner('one.example', seed);
    const witness = witnessSigner('one.example', seed);
    const signed = both.signCheckpoint({ size: 1, root: leafHash('y') });
    const line = witness.cosign(parseNote(signed)!.text, 1);
    const relabelled = { ...line, keyId: both.key.keyId, signature: line.signature.subarray(8) };
    const body = parseNote(signed)!.text;
    expect(openCheckpoint(writeNote({ text: body, signatures: [relabelled] }), both.key)).toBe(
      undefined,
    );
    expect(witness.key.findCosignature(parseNote(signed)!).state).toBe('absent');
  });
});

describe('a policy', () => {
  const whole = (rest: string) => policyOf(`log ${log.key.text}\n${lines}${rest}`);
  const isMet = (policy: WitnessPolicy, times: Readonly<Record<number, number>>) =>
    judgeCheckpoint(noteSignedBy(times), policy)?.isMet;

  test('of two in three is met by any two, never by one, and one liar among them changes neither', () => {
    const policy = whole('group some 2 a b c\nquorum some\n');
    expect(isMet(policy, { 0: 1 })).toBe(false);
    expect(isMet(policy, { 0: 1, 3: 1 })).toBe(false);
    expect(isMet(policy, { 0: 1, 2: 1 })).toBe(true);
    const twice =
      noteSignedBy({ 0: 1 }) + writeSignature(signers[0]!.cosign(parseNote(note)!.text, 2));
    expect(judgeCheckpoint(twice, policy)?.isMet).toBe(false);
    // A time that the liar made up is not the one that counts.
    const judged = judgeCheckpoint(noteSignedBy({ 0: 1, 1: 700, 2: 800 }), policy);
    expect(judged?.metAtSeconds).toBe(700);
  });

  test('may nest groups, and a group within counts once', () => {
    const policy = whole('group x 2 a b\ngroup y any c d\ngroup both all x y\nquorum both\n');
    expect(isMet(policy, { 0: 1, 1: 1 })).toBe(false);
    expect(isMet(policy, { 0: 1, 2: 1, 3: 1 })).toBe(false);
    expect(isMet(policy, { 0: 1, 1: 1, 3: 1 })).toBe(true);
  });

  test('may ask for nobody, and then says of no time that it was met', () => {
    const judged = judgeCheckpoint(note, whole('quorum none\n'));
    expect(judged).toMatchObject({ isMet: true, metAtSeconds: undefined });
  });

  test('takes no checkpoint of a log that it does not name', () => {
    const other = logSigner('log.example/two', seededRandom('policy log').bytes(32));
    const policy = policyOf(`log ${other.key.text}\nquorum none\n`);
    expect(judgeCheckpoint(note, policy)).toBeUndefined();
  });

  test('says of any set of signers what counting them says', () => {
    const policy = whole('group ab 1 a b\ngroup cd 2 c d\ngroup q 1 ab cd\nquorum q\n');
    fc.assert(
      fc.property(fc.subarray([0, 1, 2, 3]), (who) => {
        const times = Object.fromEntries(who.map((at) => [at, 5]));
        const has = (at: number) => who.includes(at);
        return isMet(policy, times) === (has(0) || has(1) || (has(2) && has(3)));
      }),
      { seed: 3 },
    );
  });

  const [a, b] = signers.map(({ key }) => key.text);
  test.each([
    ['no quorum', `witness a ${a}\n`, 'it has no line ‘quorum’'],
    ['two quorums', 'quorum none\nquorum none\n', 'line 2:'],
    ['a quorum of what comes later', `quorum a\nwitness a ${a}\n`, 'line 1:'],
    ['a word that there is not', 'quorom none\n', 'line 1:'],
    ['a word that objects have', 'constructor x\nquorum none\n', 'line 1:'],
    ['something after the quorum', 'quorum none none\n', 'line 1:'],
    ['something after the URL', `witness a ${a} https://w.example #main\nquorum a\n`, 'line 1:'],
    ['a log’s key for a witness', `witness a ${log.key.text}\nquorum a\n`, 'line 1:'],
    ['a witness’s key for a log', `log ${a}\nquorum none\n`, 'line 1:'],
    ['one key under two names', `witness a ${a}\nwitness b ${a}\nquorum a\n`, 'line 2:'],
    ['one log twice', `log ${log.key.text}\nlog ${log.key.text}\nquorum none\n`, 'line 2:'],
    ['one name twice', `witness a ${a}\nwitness a ${b}\nquorum a\n`, 'line 2:'],
    ['a witness called none', `witness none ${a}\nquorum none\n`, 'line 1:'],
    ['a group of nobody', `witness a ${a}\ngroup g any\nquorum g\n`, 'line 2:'],
    ['more than all of a group', `witness a ${a}\ngroup g 2 a\nquorum g\n`, 'line 2:'],
    ['none of a group', `witness a ${a}\ngroup g 0 a\nquorum g\n`, 'line 2:'],
    ['a number with a zero before it', `witness a ${a}\ngroup g 01 a\nquorum g\n`, 'line 2:'],
    ['a member twice', `witness a ${a}\ngroup g any a a\nquorum g\n`, 'line 2:'],
    [
      'a member of two groups',
      `witness a ${a}\ngroup g any a\ngroup h any a\nquorum h\n`,
      'line 3:',
    ],
    ['a group within itself', `witness a ${a}\ngroup g any a g\nquorum g\n`, 'line 2:'],
    ['none as a member', 'group g any none\nquorum g\n', 'line 1:'],
    ['a carriage return', 'quorum none\r\n', 'line 1:'],
    ['a space that is none', `witness\u00a0a ${a}\nquorum none\n`, 'line 1:'],
    ['no newline at its end', 'quorum none', 'its last line'],
    ['half of a surrogate pair', '# \ud800\nquorum none\n', 'UTF-8'],
    ['more than it may be long', `${'#'.repeat(70_000)}\nquorum none\n`, 'too large'],
  ])('with %s is refused, with its line', (_, text, beginning) => {
    const parsed = parsePolicy(text);
    expect(parsed.ok ? 'taken' : parsed.error).toContain(beginning);
  });

  test('of 65 groups is refused, and one of 32 logs, witnesses and groups is not', () => {
    const names = Array.from({ length: 65 }, (_, at) => `n${at}`);
    const keyed = names.map((name) => [name, seededRandom(name).bytes(32)] as const);
    const logs = keyed.map(([name, seed]) => `log ${logSigner(name, seed).key.text}\n`);
    const witnesses = keyed.map(
      ([name, seed]) => `witness ${name} ${witnessSigner(name, seed).key.text}\n`,
    );
    const groups = names.map((name) => `group g${name} any ${name}\n`);
    const text = (count: number) =>
      [logs, witnesses, groups].flatMap((all) => all.slice(0, count)).join('') + 'quorum gn0\n';
    expect(parsePolicy(text(32)).ok).toBe(true);
    expect(parsePolicy(text(65)).ok).toBe(false);
  });
});
