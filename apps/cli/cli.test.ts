import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  leafHash,
  logSigner,
  makeDisclosure,
  writeBundle,
  type BundleEntry,
  type EvidenceBundle,
} from '@proofline/evidence';
import { sampleLog } from '@proofline/evidence/testing';
import { bytesToBase64url, fixedClock } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { expect, test } from 'vitest';
import { printable } from './printable.ts';
import { runCli } from './run-cli.ts';
import { feedFiles } from './testing/feed-files.ts';
import { witnessedFiles } from './testing/witnessed-files.ts';
import { verbsOf } from './verbs/index.ts';

/**
 * Transcripts: `$ command`, its output (standard error behind `!`), and `exit N`. The sample log is
 * the same at every run, so the output is compared letter by letter. `vitest -u` writes them anew.
 */
const transcripts = join(import.meta.dirname, 'transcripts');

const { bundle, signer } = sampleLog();
const other = logSigner('staff.localhost/demo', seededRandom('other').bytes(32));
const proofAt = bundle.entries.findIndex(({ leaf }) => leaf.includes('"proof.bound"'));
const proof = bundle.entries[proofAt]!;

const change = (item: Partial<BundleEntry>, at = proofAt): EvidenceBundle => ({
  ...bundle,
  entries: bundle.entries.map((one, index) => (index === at ? { ...one, ...item } : one)),
});
const without = (at: number) => bundle.entries.filter((_, index) => index !== at);
const relist = (manifest: Partial<EvidenceBundle['manifest']>): EvidenceBundle => ({
  ...bundle,
  manifest: { ...bundle.manifest, ...manifest },
});
const lines = bundle.manifest.entries;
const index = proof.index;

/** Every file that the transcripts name. */
const files: Record<string, EvidenceBundle | string> = {
  'good.json': bundle,
  'redacted.json': change({ disclosures: [] }),
  'swapped-passkey.json': sampleLog({ swappedPasskey: true }).bundle,
  'altered-fact.json': change({ leaf: proof.leaf.replace('"acr":"phr"', '"acr":"phrh"') }),
  'respelled-entry.json': change({ leaf: proof.leaf.replace('"v":1', '"v": 1') }),
  'entry-cut-out.json': { ...bundle, entries: without(proofAt) },
  'entry-cut-out-and-unlisted.json': {
    ...relist({ entries: lines.filter((line) => line.index !== index) }),
    entries: without(proofAt),
  },
  'entry-cut-out-and-called-outside.json': {
    ...relist({
      entries: lines.filter((line) => line.index !== index),
      outside: [...bundle.manifest.outside, lines.find((line) => line.index === index)!.id],
    }),
    entries: without(proofAt),
  },
  'export-entry-cut-out.json': { ...bundle, entries: without(bundle.entries.length - 1) },
  'entry-twice.json': { ...bundle, entries: [bundle.entries[0]!, ...bundle.entries] },
  'entry-moved.json': change({ index: 4 }),
  'proof-cut-short.json': change({ proof: proof.proof.slice(1) }),
  'proof-of-another.json': change({ proof: bundle.entries[0]!.proof }),
  'listed-hash-changed.json': relist({
    entries: lines.map((line) =>
      line.index === index ? { ...line, leafHash: bytesToBase64url(leafHash('x')) } : line,
    ),
  }),
  'name-exchanged.json': change({
    disclosures: [makeDisclosure('name', 'Somebody', seededRandom('x')).text],
  }),
  'disclosure-twice.json': change({ disclosures: [proof.disclosures[0]!, ...proof.disclosures] }),
  'checkpoint-grown.json': {
    ...bundle,
    checkpoint: bundle.checkpoint.replace('\n13\n', '\n14\n'),
  },
  'checkpoint-of-another-key.json': {
    ...bundle,
    checkpoint: other.signCheckpoint({ size: 13, root: leafHash('x') }),
  },
  'signed-again-by-a-thief.json': {
    ...bundle,
    verifierKey: other.key.text,
    checkpoint: other.signCheckpoint({ size: 13, root: leafHash('x') }),
  },
  'export-time-changed.json': { ...bundle, exportedAt: '2026-11-02T10:00:00.000Z' },
  'extra-member.json': JSON.stringify({ ...bundle, note: 'all is well' }),
  'cut-file.json': writeBundle(bundle).slice(0, 4_000),
  'not-json.json': 'Dear auditor, all is well.',
  ...policyFolders(),
};
const witnessed = witnessedFiles(bundle);
const feeds = feedFiles();

/** Small folders of policies: one that is sound, and what can be wrong with one. */
function policyFolders(): Record<string, string> {
  const schema =
    'namespace Proofline {\n  entity Role;\n  entity Staff in [Role];\n  entity Policies;\n  type Facts = { request: { reasonCode?: String } };\n  action "policy:read" appliesTo { principal: Staff, resource: Policies, context: Facts };\n}\n';
  const policy =
    '// Who reads.\n@id("role.auditor.policies")\n@reason("Auditors read the policies.")\npermit (\n  principal is Proofline::Staff,\n  action == Proofline::Action::"policy:read",\n  resource is Proofline::Policies\n);\n';
  const forbid =
    '@id("context.reason")\n@reason("A reason is needed.")\nforbid (\n  principal is Proofline::Staff,\n  action == Proofline::Action::"policy:read",\n  resource is Proofline::Policies\n)\nunless { context.request has reasonCode };\n';
  const caseFile = JSON.stringify({
    name: 'auditor-reads',
    because: 'Auditors read everything.',
    question: {
      principal: { type: 'Staff', id: 'a' },
      action: 'policy:read',
      resource: { type: 'Policies', id: '*' },
    },
    facts: { request: {} },
    expect: {
      effect: 'permit',
      forbidden: false,
      policies: ['role.auditor.policies'],
      remedies: [],
    },
  });
  const folder = (name: string, more: Record<string, string>) =>
    Object.fromEntries(
      Object.entries({
        'schema.cedarschema': schema,
        'roles/auditor.cedar': policy,
        'cases/auditor-reads.json': caseFile,
        ...more,
      }).map(([path, text]) => [`${name}/${path}`, text]),
    );
  const invariant = (name: string, claim: object) =>
    JSON.stringify({
      name,
      says: 'Nothing is ever read without a reason.',
      because: 'It is a test.',
      about: { actions: ['policy:*'] },
      claim,
    });
  const onlyWhen = 'context.request has reasonCode';
  const notEncoded =
    'principal in (if context.request has reasonCode then [Proofline::Role::"auditor"] else [Proofline::Role::"analyst"])';
  return {
    ...folder('sound', {
      'invariants/reads-need-a-reason.json': invariant('reads-need-a-reason', { onlyWhen }),
    }),
    ...folder('proved', {
      'context/reason.cedar': forbid,
      'invariants/reads-need-a-reason.json': invariant('reads-need-a-reason', { onlyWhen }),
      'invariants/resets-are-nobodys.json': JSON.stringify({
        ...JSON.parse(invariant('resets-are-nobodys', { never: true })),
        says: 'Nobody ever resets anything.',
        about: { actions: ['*:reset'] },
        ahead: true,
      }),
    }),
    ...folder('undecided', {
      'invariants/odd.json': invariant('odd', { onlyWhen: notEncoded }),
    }),
    ...folder('unfit', {
      'invariants/odd.json': invariant('odd', { onlyWhen: 'context.nobody' }),
      'invariants/never.json': invariant('never', { never: true }).replace('policy:*', '*:reset'),
    }),
    ...folder('stricter', { 'context/reason.cedar': forbid }),
    ...folder('faulty', {
      'roles/auditor.cedar': policy.replace('permit (', 'permit ['),
      'context/reason.cedar': forbid.replace('reasonCode', 'reasonCode == "x" && context.nobody'),
      'cases/half.json': '{\n  "name": ',
      'invariants/odd.json': '{ "name": "Odd" }',
    }),
  };
}

async function play(command: string): Promise<string> {
  const output: string[] = [];
  const words = command.replaceAll('$KEY', signer.key.text).replaceAll('$OTHER', other.key.text);
  const code = await runCli(verbsOf({}), words.split(' ').filter(Boolean), {
    say: (line) => output.push(printable(line)),
    complain: (line) => output.push(`! ${line}`),
    readText: async (path) => {
      const file = files[path] ?? witnessed[path] ?? feeds[path];
      if (file === undefined) throw new Error('no such file');
      return typeof file === 'string' ? file : writeBundle(file);
    },
    writeNew: async (path) => {
      if (path === 'there.json') throw new Error('it is there already');
    },
    async *readLines(path) {
      const file = feeds[path];
      if (file === undefined) throw new Error('no such file');
      yield* file.split('\n');
    },
    listFiles: async (folder) =>
      Object.keys(files)
        .filter((path) => path.startsWith(`${folder}/`))
        .map((path) => path.slice(folder.length + 1)),
    fetch: () => Promise.reject(new Error('there is no network')),
    listen: () => Promise.reject(new Error('there is no network')),
    clock: fixedClock(0),
    random: seededRandom('cli'),
    pause: async () => undefined,
  });
  return [`$ proofline ${command}`, ...output, `exit ${code}`, ''].join('\n');
}

const commands: Record<string, readonly string[]> = {
  usage: [
    '',
    'help',
    'doctor now',
    'conquer',
    'evidence',
    'evidence --help',
    'evidence verify --help',
    'evidence verify',
    'evidence verify one.json two.json',
    'evidence verify absent.json',
    'evidence verify good.json --key nonsense',
    'evidence verify good.json --force',
  ],
  feed: [
    'evidence verify feed.ndjson',
    'evidence verify feed.ndjson --key $KEY --checkpoint newest-checkpoint',
    'evidence verify feed-rest.ndjson feed.ndjson.1 --key $KEY',
    'evidence verify feed-erased.ndjson --key $KEY',
    'evidence verify feed-dropped.ndjson --key $KEY',
    'evidence verify feed-swapped.ndjson --key $KEY',
    'evidence verify feed-reworded.ndjson --key $KEY',
    'evidence verify feed-withheld.ndjson --key $KEY',
    'evidence verify feed-withheld.ndjson --key $KEY --checkpoint newest-checkpoint',
    'evidence verify feed.ndjson --key $OTHER',
    'evidence verify feed.ndjson --policy policy.txt',
    'evidence verify good.json --checkpoint newest-checkpoint',
    'evidence verify absent.ndjson',
  ],
  policies: [
    'policy check sound',
    'policy check faulty',
    'policy check nowhere',
    'policy check',
    'policy test sound',
    'policy test stricter',
    'policy diff sound stricter',
    'policy diff sound sound',
    'policy explain stricter auditor-reads',
    'policy explain sound nobody',
    'policy prove proved',
    'policy prove sound',
    'policy prove sound --invariant reads-need-a-reason --json',
    'policy prove undecided',
    'policy check unfit',
    'policy prove sound --invariant nobody',
    'policy prove stricter',
    'policy prove sound --invariant',
    'policy prove',
    'policy promote',
  ],
  verified: [
    'evidence verify good.json',
    'evidence verify good.json --key $KEY',
    'evidence verify redacted.json --key $KEY',
  ],
  witnessed: [
    'evidence verify two-witnesses.json --policy two-of-three.policy',
    'evidence verify one-witness.json --policy two-of-three.policy',
    'evidence verify good.json --policy nobody.policy',
    'evidence verify forged-witness.json --policy two-of-three.policy',
    'evidence verify two-witnesses.json --policy other-log.policy',
    'evidence verify two-witnesses.json --policy faulty.policy',
    'evidence verify two-witnesses.json --policy absent.policy',
  ],
  tampered: [
    'evidence verify good.json --key $OTHER',
    // Another sample, hence another key.
    'evidence verify swapped-passkey.json',
    ...Object.keys(files)
      .filter((name) => !name.includes('/'))
      .filter((name) => !['good.json', 'redacted.json', 'swapped-passkey.json'].includes(name))
      .map((name) => `evidence verify ${name} --key $KEY`),
  ],
};

test.each(Object.entries(commands))('the transcript ‘%s’', async (name, list) => {
  const played = await Promise.all(list.map(play));
  await expect(played.join('\n')).toMatchFileSnapshot(join(transcripts, `${name}.txt`));
});

test('the binary starts, prints no control character, and exits with the verb’s code', () => {
  const directory = mkdtempSync(join(tmpdir(), 'cli-'));
  const file = join(directory, 'bundle.json');
  writeFileSync(file, writeBundle(bundle));
  const binary = join(import.meta.dirname, 'bin/proofline.js');
  const verified = spawnSync(process.execPath, [binary, 'evidence', 'verify', file]);
  expect(verified.status).toBe(0);
  expect(verified.stdout.toString()).toContain('All 9 entries verify.');
  const escaped = spawnSync(process.execPath, [binary, 'evidence', 'verify', '\u001b[31mred']);
  expect(escaped.status).toBe(2);
  expect(escaped.stderr.toString()).not.toContain('\u001b');
  rmSync(directory, { recursive: true });
});

test('every tampering exits 1 and names its reason', async () => {
  const tampered = commands['tampered']!;
  expect(tampered.length).toBeGreaterThanOrEqual(13);
  for (const command of tampered) {
    const played = await play(command);
    expect(played).toMatch(/exit 1\n$/);
    expect(played).toMatch(/WRONG {2}.+ \[[a-z]+\.[a-z-]+\]/);
  }
});
