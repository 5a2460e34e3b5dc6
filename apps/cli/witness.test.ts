import { join } from 'node:path';
import { leafHash, logSigner, parseNote, witnessSigner, writeSignature } from '@proofline/evidence';
import { fixedClock } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { expect, test } from 'vitest';
import { printable } from './printable.ts';
import { runCli } from './run-cli.ts';
import { verbsOf } from './verbs/index.ts';

const ORIGIN = 'https://staff.example.com';
const log = logSigner('evidence.example.com/acme', seededRandom('the log').bytes(32));
const signers = ['client', 'partner'].map((name) =>
  witnessSigner(`witness.${name}.example/w1`, seededRandom(name).bytes(32)),
);
const AT_SECONDS = Date.UTC(2026, 10, 2, 9, 0, 20) / 1_000;

/** A checkpoint of so many entries, under which these witnesses have signed. */
function noteOf(size: number, who: readonly number[] = []): string {
  const note = log.signCheckpoint({ size, root: leafHash(`${size}`) });
  const { text } = parseNote(note)!;
  const lines = who.map((at) => writeSignature(signers[at]!.cosign(text, AT_SECONDS + at)));
  return note + lines.join('');
}

const keys = `witness client ${signers[0]!.key.text}\nwitness partner ${signers[1]!.key.text}\n`;
const files: Readonly<Record<string, string>> = {
  policy: `log ${log.key.text}\n${keys}group both all client partner\nquorum both\n`,
  logless: `${keys}quorum client\n`,
  other: `log PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\nquorum none\n`,
};
const both = [0, 1];
const stories: readonly (readonly [string, string, object])[] = [
  ['the quorum has signed the newest', 'policy', { checkpoint: noteOf(9, both) }],
  ['it lags', 'policy', { checkpoint: noteOf(9, [0]), witnessed: noteOf(7, both) }],
  ['nobody has signed', 'policy', { checkpoint: noteOf(9) }],
  ['the log was set back', 'policy', { checkpoint: noteOf(5), witnessed: noteOf(7, both) }],
  ['the server lies', 'policy', { checkpoint: noteOf(9), witnessed: noteOf(7, [1]) }],
  ['another log', 'other', { checkpoint: noteOf(9, both) }],
  ['a policy without a log', 'logless', {}],
  ['no policy', '', {}],
];

test('the transcript ‘witness’', async () => {
  const played: string[] = [];
  for (const [story, policy, answer] of stories) {
    const output: string[] = [];
    const code = await runCli(
      verbsOf({ PROOFLINE_STAFF_ORIGIN: ORIGIN }),
      ['evidence', 'witness', ...(policy === '' ? [] : ['--policy', policy])],
      {
        say: (line) => output.push(printable(line)),
        complain: (line) => output.push(`! ${line}`),
        readText: async (path) => files[path] ?? '',
        writeNew: async () => undefined,
        readLines: () => {
          throw new Error('no lines are read');
        },
        listFiles: async () => [],
        fetch: async (url) => {
          expect(url).toBe(`${ORIGIN}/api/evidence-log/checkpoint`);
          return Response.json({ ...answer, verifierKey: log.key.text });
        },
        listen: () => Promise.reject(new Error('there is no browser')),
        clock: fixedClock(0),
        random: seededRandom('cli'),
        pause: async () => undefined,
      },
    );
    played.push([`# ${story}`, ...output, `exit ${code}`, ''].join('\n'));
  }
  await expect(played.join('\n')).toMatchFileSnapshot(
    join(import.meta.dirname, 'transcripts/witness.txt'),
  );
});
