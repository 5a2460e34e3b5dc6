import { parseNote, witnessSigner, writeSignature, type EvidenceBundle } from '@proofline/evidence';
import { seededRandom } from '@proofline/kernel/node';

const AT_SECONDS = Date.UTC(2026, 10, 2, 9, 0, 20) / 1_000;

/** The export of a log under whose checkpoint some of three witnesses have signed, and policies for it. */
export function witnessedFiles(
  bundle: EvidenceBundle,
): Readonly<Record<string, EvidenceBundle | string>> {
  const signers = ['client', 'partner', 'auditor'].map((name) =>
    witnessSigner(`witness.${name}.example/w1`, seededRandom(`witness ${name}`).bytes(32)),
  );
  const { text } = parseNote(bundle.checkpoint)!;
  const lines = signers.map(({ cosign }, at) => writeSignature(cosign(text, AT_SECONDS + at * 7)));
  const signedBy = (...who: readonly number[]) => ({
    ...bundle,
    checkpoint: bundle.checkpoint + who.map((at) => lines[at]).join(''),
  });
  const names = ['client', 'partner', 'auditor'];
  const policy = (rest: string) =>
    [
      `log ${bundle.verifierKey}\n`,
      ...signers.map(({ key }, at) => `witness ${names[at]} ${key.text}\n`),
      rest,
    ].join('');
  const twoOfThree = 'group two 2 client partner auditor\nquorum two\n';
  const forged = writeSignature({ ...signers[2]!.cosign(`${text}x`, AT_SECONDS), name: '' });
  return {
    'two-witnesses.json': signedBy(0, 2),
    'one-witness.json': signedBy(1),
    'forged-witness.json': {
      ...bundle,
      checkpoint:
        signedBy(0, 1).checkpoint +
        forged.replace('\u2014  ', '\u2014 witness.auditor.example/w1 '),
    },
    'two-of-three.policy': policy(twoOfThree),
    'nobody.policy': policy('quorum none\n'),
    'other-log.policy': policy(twoOfThree).replace(/^log .*\n/, `log ${otherLog}\n`),
    'faulty.policy': policy('group two 2 client partner auditor\nquorum too\n'),
  };
}

// The example of golang.org/x/mod/sumdb/note: the key of some other log.
const otherLog = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
