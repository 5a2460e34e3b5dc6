import { join } from 'node:path';
import { fixedClock } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { expect, test } from 'vitest';
import { printable } from './printable.ts';
import { runCli } from './run-cli.ts';
import { answers, ORIGIN, problem } from './testing/answers.ts';
import { erasureId, holdId } from './testing/erasure-answers.ts';
import { verbsOf } from './verbs/index.ts';

/** A transcript of what a person does about erasures, played against answers as the contract words them. */
const transcripts = join(import.meta.dirname, 'transcripts');
const sent: { readonly asked: string; readonly body: string }[] = [];
const played: string[] = [];

async function run(command: string): Promise<void> {
  const output: string[] = [];
  const verbs = verbsOf({ PROOFLINE_STAFF_ORIGIN: ORIGIN });
  const code = await runCli(verbs, command.split(' '), {
    say: (line) => output.push(printable(line)),
    complain: (line) => output.push(`! ${line}`),
    readText: () => Promise.reject(new Error('no such file')),
    readLines: () => {
      throw new Error('no such file');
    },
    writeNew: () => Promise.reject(new Error('nothing is written')),
    listFiles: async () => [],
    fetch: async (url, init) => {
      const asked = `${init.method ?? 'GET'} ${new URL(url).pathname}`;
      sent.push({ asked, body: typeof init.body === 'string' ? init.body : '' });
      const { status, body } = answers[asked] ?? problem('erasure.nothing');
      return Response.json(body, { status });
    },
    listen: async () => ({
      redirectUri: 'http://127.0.0.1:39001/callback',
      callback: async () => {
        const state = new URLSearchParams(sent.at(-1)?.body).get('state') ?? '';
        const iss = encodeURIComponent(`${ORIGIN}/oidc`);
        return new URL(`http://127.0.0.1:39001/callback?code=c&state=${state}&iss=${iss}`);
      },
      close: () => undefined,
    }),
    clock: fixedClock(Date.UTC(2026, 10, 2, 9)),
    random: seededRandom('pipeline'),
    pause: async () => undefined,
  });
  played.push([`$ proofline ${command}`, ...output, `exit ${code}`, ''].join('\n'));
}

/** For which act, at which level, what was sent. */
async function acting(command: string) {
  sent.length = 0;
  await run(command);
  const form = new URLSearchParams(sent.find((one) => one.asked.endsWith('/request'))?.body);
  const body: unknown = JSON.parse(sent.at(-1)?.body || '{}');
  return [form.get('resource'), form.get('acr_values'), body];
}

test('the transcript ‘erasures’: asked for, approved and held one act at a time, and a dry run asks for nothing', async () => {
  const at = (path: string) => `${ORIGIN}/api/${path}`;
  const target = { form: 'fields', subject: 'MH-10007' };
  await run('evidence retention');
  expect(await acting('evidence erase --subject MH-10007 --dry-run')).toEqual([
    at('evidence-erasures/forecast'),
    null,
    { target },
  ]);
  const why = '--basis data-subject-request --note Letter';
  expect(await acting(`evidence erase --subject MH-10007 ${why}`)).toEqual([
    at('evidence-erasures'),
    'phrh',
    { target, basis: 'data-subject-request', note: 'Letter' },
  ]);
  expect(await acting(`evidence approve-erasure ${erasureId}`)).toEqual([
    at(`evidence-erasures/${erasureId}/approve`),
    'phrh',
    {},
  ]);
  await run(`evidence decline-erasure ${erasureId}`);
  expect(await acting('evidence hold --entries 12-40 --because litigation --note Letter')).toEqual([
    at('evidence-holds'),
    null,
    { scope: { kind: 'range', start: 12, end: 41 }, reasonCode: 'litigation', note: 'Letter' },
  ]);
  expect(await acting(`evidence lift-hold ${holdId}`)).toEqual([
    at(`evidence-holds/${holdId}/lift`),
    'phrh',
    {},
  ]);
  // What is not understood asks nobody anything.
  sent.length = 0;
  for (const wrong of [
    'erase --subject MH-10007',
    `erase ${why}`,
    `erase --subject MH-10007 --below 5 ${why}`,
    `erase --entries 40-12x ${why}`,
    `erase --subject MH-10007 --basis because --note Letter`,
    'approve-erasure MH-10007',
    'hold --case 12 --because litigation --note Letter',
    `lift-hold ${erasureId}`,
  ]) {
    await run(`evidence ${wrong}`);
  }
  expect(sent).toEqual([]);
  await expect(played.join('\n')).toMatchFileSnapshot(join(transcripts, 'erasures.txt'));
});
