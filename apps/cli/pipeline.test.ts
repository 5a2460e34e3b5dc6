import { join } from 'node:path';
import { fixedClock } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import {
  problems,
  type PipelineCandidate,
  type PipelineDifferences,
  type ProblemCode,
  type ReleaseSummary,
  type Replay,
} from '@proofline/protocol';
import { exportJWK, generateKeyPair } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { printable } from './printable.ts';
import { runCli } from './run-cli.ts';
import type { Environment } from './server/pipeline-settings.ts';
import { verbsOf } from './verbs/index.ts';

/** Transcripts of a pipeline’s commands, played against answers as the contract words them. */
const transcripts = join(import.meta.dirname, 'transcripts');
const ORIGIN = 'https://staff.example.com';
const candidateId = 'pcd_01k9h2m4zqe8vr5t7wx3yn6bcd';
const another = 'pcd_01k9h2m4zqe8vr5t7wx3yn6bce';
const replayId = 'rpl_01k9h2m4zqe8vr5t7wx3yn6bcd';

const candidate: PipelineCandidate = {
  candidateId: candidateId as PipelineCandidate['candidateId'],
  digest: 'A'.repeat(43),
  state: 'open',
  baseSequence: 3,
  isCurrent: true,
  proposedAt: '2026-11-02T09:00:00.000Z',
  note: '9f31c2',
  outcome: { passed: 214, failedCount: 0, failed: [] },
  proof: { state: 'proved', holding: 15, broken: [], undecided: [] },
  drops: { cases: { count: 0, names: [] }, invariants: [] },
  shadow: { isRunning: false, compared: 0, dropped: 0 },
};
const unfit: PipelineCandidate = {
  ...candidate,
  candidateId: another as PipelineCandidate['candidateId'],
  isCurrent: false,
  outcome: {
    passed: 213,
    failedCount: 1,
    failed: [{ name: 'agent-ends-own-call', problems: ['it is denied'] }],
  },
  proof: {
    state: 'broken',
    holding: 14,
    broken: [
      {
        name: 'nobody-can-bind-an-identity',
        says: 'Nobody does.',
        permitted: { action: 'authenticator:reset' },
      },
    ],
    undecided: [],
  },
  drops: {
    cases: { count: 1, names: ['agent-cannot-end-ended-call'] },
    invariants: [{ name: 'nobody-is-their-own-second-person', says: 'Nobody ever is.' }],
  },
  shadow: { isRunning: true, until: '2026-11-03T09:00:00.000Z', compared: 1_204, dropped: 3 },
};
const differences: PipelineDifferences = {
  byPolicy: [
    { name: 'tier.fresh-customer-proof', change: 'stopped', count: 12 },
    { name: 'role.auditor.policies', change: 'otherwise', count: 2 },
  ],
  subjects: [{ change: 'stopped', count: 3 }],
  samples: [
    {
      decisionId:
        'dec_01k9h2m4zqe8vr5t7wx3yn6bcd' as PipelineDifferences['samples'][0]['decisionId'],
      change: 'stopped',
      action: 'refund:initiate',
      livePolicies: ['role.billing-agent.refund'],
      candidatePolicies: ['tier.fresh-customer-proof'],
      decidedAt: '2026-11-02T08:00:00.000Z',
    },
  ],
};
const running: Replay = {
  replayId: replayId as Replay['replayId'],
  candidateId: candidate.candidateId,
  state: 'running',
  from: '2026-10-31T09:00:00.000Z',
  to: '2026-11-02T09:00:00.000Z',
  total: 1_204,
  done: 200,
  reproduced: 200,
  notReproduced: [],
  notDerivable: 0,
};
const finished: Replay = {
  ...running,
  state: 'finished',
  done: 1_204,
  reproduced: 1_200,
  notDerivable: 4,
};
const released: ReleaseSummary = {
  release: { sequence: 4, digest: candidate.digest },
  isLive: true,
  isSigned: true,
  releasedAt: '2026-11-02T09:00:00.000Z',
  origin: 'candidate',
  goingBack: { state: 'live', invariants: [] },
  evidenceId: 'evt_01k9h2m4zqe8vr5t7wx3yn6bcd' as ReleaseSummary['evidenceId'],
};
const problem = (code: ProblemCode, more: object = {}) => {
  const { status, text: title } = problems[code];
  return { status, body: { type: `/docs/errors/${code}`, title, status, code, ...more } };
};

const of = (id: string) => `/api/pipeline/candidates/${id}`;
const answers: Readonly<Record<string, { readonly status: number; readonly body: unknown }>> = {
  'POST /oidc/token': { status: 200, body: { access_token: 'x'.repeat(40), expires_in: 300 } },
  'POST /oidc/request': { status: 201, body: { request_uri: 'urn:ietf:params:oauth:x' } },
  [`POST /api/policies/candidates/${candidateId}/promotion`]: { status: 200, body: released },
  [`POST /api/policies/candidates/${another}/promotion`]: problem('policy.moved-on'),
  'POST /api/policies/rollback': { status: 200, body: { ...released, origin: 'rollback' } },
  [`GET ${of(candidateId)}`]: { status: 200, body: candidate },
  [`GET ${of(another)}`]: { status: 200, body: unfit },
  [`POST ${of(candidateId)}/shadow`]: {
    status: 200,
    body: { ...candidate, shadow: { ...unfit.shadow, compared: 0, dropped: 0 } },
  },
  [`POST ${of(candidateId)}/replays`]: { status: 202, body: running },
  [`POST ${of(another)}/replays`]: problem('request.too-many'),
  [`GET ${of(candidateId)}/replays`]: { status: 200, body: { replays: [finished] } },
  [`GET ${of(candidateId)}/differences`]: { status: 200, body: differences },
  [`GET ${of(another)}/differences`]: { status: 200, body: differences },
};

const schema = 'namespace Proofline {\n  entity Staff;\n}\n';
const files: Readonly<Record<string, string>> = {
  'sound/schema.cedarschema': schema,
  'sound/roles/auditor.cedar': '// sound',
  'refused/schema.cedarschema': schema,
  'refused/roles/auditor.cedar': '// unsound',
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
    readText: async (path) => {
      if (path === 'key.json') return key;
      const file = files[path];
      if (file === undefined) throw new Error('no such file');
      return file;
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
      return Response.json(reply, { status });
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

test('the transcript ‘person’: a person answers in the browser, to this act and no other', async () => {
  const digest = candidate.digest;
  const person = { PROOFLINE_STAFF_ORIGIN: ORIGIN };
  const iss = encodeURIComponent(`${ORIGIN}/oidc`);
  const good = (state: string) => `code=c&state=${state}&iss=${iss}`;
  const played: string[] = [];
  const run = async (command: string, back = good) => {
    comesBack = back;
    played.push(await play(command, person));
  };
  sent.length = 0;
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
