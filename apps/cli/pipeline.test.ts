import { join } from 'node:path';
import { fixedClock } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { printable } from './printable.ts';
import { runCli } from './run-cli.ts';
import type { Environment } from './server/pipeline-settings.ts';
import {
  ORIGIN,
  candidateId,
  another,
  candidate,
  staged,
  problem,
  answers,
} from './testing/answers.ts';
import { kid, ownerId, serviceId } from './testing/service-answers.ts';
import { verbsOf } from './verbs/index.ts';

/** Transcripts of a pipeline’s commands, played against answers as the contract words them. */
const transcripts = join(import.meta.dirname, 'transcripts');
const schema = 'namespace Proofline {\n  entity Staff;\n}\n';
const files: Readonly<Record<string, string>> = {
  'sound/schema.cedarschema': schema,
  'sound/roles/auditor.cedar': '// sound',
  'refused/schema.cedarschema': schema,
  'refused/roles/auditor.cedar': '// unsound',
  'public.json': JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43) }),
  'private.json': JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'x'.repeat(43), d: 'secret' }),
  'half/schema.cedarschema': schema,
  'half/cases/half.json': '{\n  "name": ',
};

let key: string;
beforeAll(async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  key = JSON.stringify({ ...(await exportJWK(privateKey)), kid: 'ci' });
});

/** Each proposal of unsound policies is refused; everything else is as the table says. */
function answer(asked: string, body: string): { readonly status: number; readonly body: unknown } {
  if (asked !== 'POST /api/pipeline/candidates') {
    return answers[asked] ?? problem('policy.unknown');
  }
  if (!body.includes('// unsound')) {
    return { status: 201, body: { ...candidate, proof: { ...candidate.proof, state: 'running' } } };
  }
  const fault = {
    code: 'policy.syntax',
    path: 'roles/auditor.cedar',
    line: 3,
    column: 8,
    text: 'unexpected token',
  };
  return problem('policy.unsound', { faults: [fault] });
}

const sent: { readonly asked: string; readonly headers: Headers; readonly body: string }[] = [];

async function play(command: string, environment: Environment, isUp = true): Promise<string> {
  const output: string[] = [];
  const code = await runCli(verbsOf(environment), command.split(' '), {
    say: (line) => output.push(printable(line)),
    complain: (line) => output.push(`! ${line}`),
    readLines: () => {
      throw new Error('no lines are read');
    },
    readText: async (path) => {
      if (path === 'key.json') return key;
      const file = files[path];
      if (file === undefined) throw new Error('no such file');
      return file;
    },
    writeNew: async (path) => {
      if (path === 'there.json') throw new Error('it is there already');
    },
    listFiles: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    fetch: async (url, init) => {
      if (!isUp) throw new TypeError('fetch failed');
      const asked = `${init.method ?? 'GET'} ${new URL(url).pathname}`;
      const body = typeof init.body === 'string' ? init.body : '';
      sent.push({ asked, headers: new Headers(init.headers), body });
      const { status, body: reply } = answer(asked, body);
      return status === 204 ? new Response(null, { status }) : Response.json(reply, { status });
    },
    listen: async () => ({
      redirectUri: 'http://127.0.0.1:39001/callback',
      callback: async () => {
        const state = new URLSearchParams(sent.at(-1)?.body).get('state') ?? '';
        return new URL(`http://127.0.0.1:39001/callback?${comesBack(state)}`);
      },
      close: () => undefined,
    }),
    clock: fixedClock(Date.UTC(2026, 10, 2, 9)),
    random: seededRandom('pipeline'),
    pause: async () => undefined,
  });
  return [`$ proofline ${command}`, ...output, `exit ${code}`, ''].join('\n');
}

/** What the browser comes back with; the state is that of the request that was pushed last. */
let comesBack: (state: string) => string = () => '';

const settings = {
  PROOFLINE_STAFF_ORIGIN: ORIGIN,
  PROOFLINE_PIPELINE_ID: 'svc_01k9h2m4zqe8vr5t7wx3yn6bcd',
  PROOFLINE_PIPELINE_KEY_FILE: 'key.json',
};

const commands = [
  'policy propose sound --note 9f31c2',
  'policy propose refused',
  'policy propose half',
  'policy propose nowhere',
  `policy status ${candidateId}`,
  `policy status ${another}`,
  'policy status pcd_01k9h2m4zqe8vr5t7wx3yn6bcf',
  `policy status ${candidateId} --json`,
  `policy shadow ${candidateId} --hours 24`,
  `policy replay ${candidateId} --hours 48`,
  'policy replay sound --strict',
  `policy replay ${another}`,
  `policy replay ${candidateId} --hours tomorrow`,
  `policy shadow ${candidateId} --hours 721`,
  `policy status ${candidateId} --strict`,
  'policy propose',
];

test('the transcript ‘pipeline’', async () => {
  const played: string[] = [];
  for (const command of commands) played.push(await play(command, settings));
  played.push(await play(`policy status ${candidateId}`, settings, false));
  played.push(await play(`policy status ${candidateId}`, {}));
  const unfitting = {
    PROOFLINE_STAFF_ORIGIN: 'http://staff.example.com',
    PROOFLINE_PIPELINE_ID: 'ci',
    PROOFLINE_PIPELINE_KEY: '{"kty":"EC","kid":"ci","x":"public"}',
  };
  played.push(await play(`policy status ${candidateId}`, unfitting));
  await expect(played.join('\n')).toMatchFileSnapshot(join(transcripts, 'pipeline.txt'));
});

test('every request but that for the token carries a token and a fresh proof of possession', async () => {
  sent.length = 0;
  await play(`policy replay ${candidateId}`, settings);
  const [token, ...calls] = sent;
  expect(token?.asked).toBe('POST /oidc/token');
  expect(calls.length).toBeGreaterThanOrEqual(4);
  expect(new Set(sent.map(({ headers }) => headers.get('dpop'))).size).toBe(sent.length);
  for (const { headers } of calls) expect(headers.get('authorization')).toMatch(/^DPoP x{40}$/);
});

test('nothing of a folder with a broken case leaves the machine', async () => {
  sent.length = 0;
  await play('policy propose half', settings);
  expect(sent).toEqual([]);
});

test('no setting of the pipeline is ever printed', async () => {
  const { d } = JSON.parse(key) as { d: string }; // made above
  for (const command of commands) expect(await play(command, settings)).not.toContain(d);
  const wrong = { ...settings, PROOFLINE_PIPELINE_KEY: key.replace('"kty":"EC"', '"kty":"oct"') };
  expect(await play(`policy status ${candidateId}`, wrong)).not.toContain(d);
});

/** Commands of a person, with what the browser comes back with. */
function personPlays() {
  const person = { PROOFLINE_STAFF_ORIGIN: ORIGIN };
  const iss = encodeURIComponent(`${ORIGIN}/oidc`);
  const good = (state: string) => `code=c&state=${state}&iss=${iss}`;
  const played: string[] = [];
  const run = async (command: string, back = good) => {
    comesBack = back;
    played.push(await play(command, person));
  };
  sent.length = 0;
  return { iss, played, run };
}

test('the transcript ‘person’: a person answers in the browser, to this act and no other', async () => {
  const digest = candidate.digest;
  const { iss, played, run } = personPlays();
  await run(`policy promote ${candidateId} --digest ${digest} --on 3`);
  expect(sent.map(({ asked }) => asked)).toEqual([
    'POST /oidc/request',
    'POST /oidc/token',
    `POST /api/policies/candidates/${candidateId}/promotion`,
  ]);
  const resource = `${ORIGIN}/api/policies/candidates/${candidateId}/promotion`;
  for (const { body } of sent.slice(0, 2)) {
    expect(new URLSearchParams(body).get('resource')).toBe(resource);
  }
  expect(JSON.parse(sent[2]!.body)).toMatchObject({ digest, liveSequence: 3 });
  await run('policy rollback 2 --on 4 --reason wrong');
  await run(`policy promote ${another} --digest ${digest} --on 3`);
  sent.length = 0;
  await run(
    `policy promote ${candidateId} --digest ${digest} --on 3`,
    () => `code=c&state=x&iss=${iss}`,
  );
  await run(
    'policy rollback 2 --on 4 --reason wrong',
    (state) => `code=c&state=${state}&iss=https%3A%2F%2Fevil.example`,
  );
  await run(
    'policy rollback 2 --on 4 --reason wrong',
    (state) => `error=access_denied&state=${state}&iss=${iss}`,
  );
  // A code that came otherwise was never redeemed.
  expect(sent.map(({ asked }) => asked)).toEqual(
    Array.from({ length: 3 }, () => 'POST /oidc/request'),
  );
  await run(`policy promote ${candidateId} --digest ${digest} --on 3 --dropping 2,1`);
  expect(JSON.parse(sent.at(-1)!.body)).toMatchObject({ dropping: { cases: 2, invariants: 1 } });
  await run(`policy promote ${candidateId} --digest ${digest} --on 3 --dropping all`);
  await run(`policy promote ${candidateId} --on 3`);
  await run(`policy promote ${candidateId} --digest ${digest} --on latest`);
  await run('policy rollback 2 --on 4');
  await expect(played.join('\n')).toMatchFileSnapshot(join(transcripts, 'person.txt'));
});

test('the transcript ‘candidates’: what else a person does with one, or with the list', async () => {
  const { digest } = candidate;
  const { played, run } = personPlays();
  const about = `${candidateId} --digest ${digest}`;
  sent.length = 0;
  await run(`policy vouch ${about}`);
  expect(JSON.parse(sent.at(-1)!.body)).toEqual({ digest });
  await run(`policy vouch ${another} --digest ${digest}`);
  await run(`policy vouch ${candidateId}`);
  await run(`policy withdraw ${candidateId}`);
  await run(`policy withdraw ${another}`);
  await run('policy withdraw 3');
  const desks = '--desk Harbour --desk Hill --percent 25 --hours 8';
  await run(`policy stage ${about} --on 3 ${desks} --instead-of ${staged.stageId}/2`);
  expect(JSON.parse(sent.at(-1)!.body)).toMatchObject({
    audience: { desks: ['Harbour', 'Hill'], percent: 25 },
    hours: 8,
    seen: { stageId: staged.stageId, revision: 2 },
  });
  await run(`policy stage ${another} --digest ${digest} --on 3 --percent 10 --hours 8`);
  for (const wrong of [
    '--hours 8',
    '--percent 101 --hours 8',
    '--percent 5',
    `${desks} --instead-of 2`,
  ]) {
    await run(`policy stage ${about} --on 3 ${wrong}`);
  }
  await run(`policy end-stage ${staged.stageId}/3 --reason wrong`);
  expect(JSON.parse(sent.at(-1)!.body)).toEqual({ reason: 'wrong' });
  await run('policy end-stage stg_01k9h2m4zqe8vr5t7wx3yn6bcf --reason wrong');
  await run(`policy end-stage ${staged.stageId}`);
  await run('policy list');
  await run('policy list --json');
  await run('policy list everything');
  await expect(played.join('\n')).toMatchFileSnapshot(join(transcripts, 'candidates.txt'));
});

/** Plays a command of a person, and tells for which act, at which level, what was sent. */
function actPlays() {
  const { played, run } = personPlays();
  const acting = async (command: string) => {
    sent.length = 0;
    await run(command);
    const form = new URLSearchParams(sent.find((one) => one.asked.endsWith('/request'))?.body);
    const body: unknown = JSON.parse(sent.at(-1)?.body || '{}');
    return [form.get('resource'), form.get('acr_values'), body];
  };
  return { played, run, acting };
}

test('the transcript ‘services’: one act on one program, and its key stays where it is', async () => {
  const { played, run, acting } = actPlays();
  for (const read of ['list', 'list --json', `show ${serviceId}`, `keys ${serviceId}`]) {
    expect(await acting(`service ${read}`)).toEqual([`${ORIGIN}/api/services`, null, {}]);
  }
  await run('service show svc_01k9h2m4zqe8vr5t7wx3yn6bcf');
  const words = `--name Reports --for Nightly --kind gateway --owner ${ownerId} --rate 60`;
  const scoped = `${words} --scope decision:evaluate --scope result:report`;
  expect(await acting(`service register ${scoped} --proves signature --key public.json`)).toEqual([
    `${ORIGIN}/api/services/registration`,
    'phrh',
    {
      name: 'Reports',
      purpose: 'Nightly',
      role: 'gateway',
      ownerId,
      scopes: ['decision:evaluate', 'result:report'],
      ratePerMinute: 60,
      proves: 'signature',
      key: { jwk: JSON.parse(files['public.json']!) },
    },
  ]);
  // What is not understood, or must not leave, asks nobody anything.
  sent.length = 0;
  for (const wrong of [
    `register ${scoped} --key private.json`,
    `register ${scoped} --key absent.json`,
    `register ${words} --key public.json`,
    `register ${scoped} --scope refund:everything --key public.json`,
    `change ${serviceId}`,
    `change ${serviceId} --rate 0`,
    `narrow ${serviceId}`,
    `retire ${serviceId} --key old`,
    'remove Reports',
    'list everything',
  ]) {
    await run(`service ${wrong}`);
  }
  expect(sent).toEqual([]);
  const text = played.join('\n');
  expect(text).not.toContain('secret');
  await expect(text).toMatchFileSnapshot(join(transcripts, 'services.txt'));
});

test('the transcript ‘evidence’: one reading, for a purpose, and a file that overwrites none', async () => {
  const { played, run, acting } = actPlays();
  const purpose = { purpose: 'Review' };
  expect(
    await acting(
      'evidence search MH-10001 --for Review --action refund:initiate --from 2026-11-01',
    ),
  ).toEqual([
    `${ORIGIN}/api/evidence-inquiries`,
    null,
    {
      ...purpose,
      search: {
        id: 'MH-10001',
        action: 'refund:initiate',
        from: '2026-11-01T00:00:00.000Z',
        count: 50,
      },
    },
  ]);
  expect(await acting('evidence search --orphans --for Review')).toEqual([
    `${ORIGIN}/api/evidence-inquiries`,
    null,
    { ...purpose, search: { only: 'orphans', count: 50 } },
  ]);
  const id = 'int_01k9h2m4zqe8vr5t7wx3yn6bcd';
  expect(await acting(`evidence export ${id} --for Review --to call.json`)).toEqual([
    `${ORIGIN}/api/evidence/exports`,
    null,
    { ...purpose, id },
  ]);
  await run(`evidence export ${id} --for Review --to there.json`);
  // What says no purpose, or is not understood, asks nobody anything.
  sent.length = 0;
  for (const wrong of [
    'search MH-10001',
    'search MH-10001 --for ab',
    'search --for Review --kind nothing.happened',
    'search --for Review --outcome maybe',
    'search --for Review --from yesterday',
    'search --for Review --count 0',
    'search --for Review --before x',
    `export ${id} --for Review`,
    `export ${id} --to call.json`,
  ]) {
    await run(`evidence ${wrong}`);
  }
  expect(sent).toEqual([]);
  await expect(played.join('\n')).toMatchFileSnapshot(join(transcripts, 'evidence.txt'));
});

test('the transcript ‘service-changes’: each act has an address, and takes what it weighs', async () => {
  const { played, acting } = actPlays();
  const below = (act: string) => `${ORIGIN}/api/services/${serviceId}/${act}`;
  const bodies: readonly [string, string, string | null, object][] = [
    ['add-key', 'keys', 'phrh', { key: { jwk: JSON.parse(files['public.json']!) } }],
    ['retire', `keys/${kid}/retire`, null, {}],
    ['change', 'terms', 'phrh', { scopes: ['result:report'], ratePerMinute: 30, ownerId }],
    ['narrow', 'narrow', null, { without: ['decision:evaluate'], ratePerMinute: 10 }],
    ['suspend', 'suspend', null, {}],
    ['resume', 'resume', 'phrh', {}],
    ['remove', 'remove', null, {}],
  ];
  const more: Readonly<Record<string, string>> = {
    'add-key': ' --key public.json',
    retire: ` --key ${kid}`,
    change: ` --scope result:report --rate 30 --owner ${ownerId}`,
    narrow: ' --without decision:evaluate --rate 10',
  };
  for (const [verb, act, acr, body] of bodies) {
    expect(await acting(`service ${verb} ${serviceId}${more[verb] ?? ''}`)).toEqual([
      below(act),
      acr,
      body,
    ]);
  }
  await expect(played.join('\n')).toMatchFileSnapshot(join(transcripts, 'service-changes.txt'));
});
