import { parseArgs } from 'node:util';
import { bundleLimits, parseVerifierKey, verifyBundle } from '@proofline/evidence';
import { exitCodes, type Io, type Verb } from '../verb.ts';
import { reportBundle } from './evidence-report.ts';
import { isFeed, verifyFeed } from './feed-verify.ts';
import { readPolicyFile } from './read-policy-file.ts';

const USAGE = 'FILE… [--key VKEY] [--policy POLICY] [--checkpoint NOTE]';

/** Checks an exported chain of evidence, offline. */
export const evidenceVerify: Verb = {
  name: 'evidence verify',
  usage: USAGE,
  summary:
    'Checks an exported chain of evidence, offline; or what a receiver was sent (*.ndjson): whether it is whole. ' +
    '--key: the log’s verifier key as you know it. --policy: a file of witnesses who must have signed, too. ' +
    '--checkpoint: a file with a checkpoint that the feed must reach.',

  async run(parameters, io) {
    const asked = read(parameters);
    if (typeof asked === 'string') {
      io.complain(`${asked} Usage: proofline evidence verify ${USAGE}`);
      return exitCodes.usage;
    }
    if (isFeed(asked.file)) return verifyFeed(asked, io);
    const text = await readBounded(asked.file, io);
    if (text === undefined) return exitCodes.usage;
    const policy = await readPolicyFile(asked.policy, io);
    if (policy === 'unusable') return exitCodes.usage;
    const verdict = verifyBundle(text, {
      ...(asked.key !== undefined && { trustedKey: asked.key }),
      ...(policy && { policy }),
    });
    for (const line of reportBundle(verdict)) io.say(line);
    return verdict.ok ? exitCodes.ok : exitCodes.wrong;
  },
};

interface Asked {
  readonly file: string;
  /** More than one only of a feed. */
  readonly files: readonly string[];
  readonly key: string | undefined;
  /** Path of a policy of witnesses. */
  readonly policy: string | undefined;
  /** Path of a checkpoint, for a feed. */
  readonly checkpoint: string | undefined;
}

function read(parameters: readonly string[]): Asked | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...parameters],
      options: {
        key: { type: 'string' },
        policy: { type: 'string' },
        checkpoint: { type: 'string' },
      },
      allowPositionals: true,
    });
  } catch {
    return 'There is an option that this command does not have.';
  }
  const files = parsed.positionals;
  const [file, ...more] = files;
  const areFeed = files.every(isFeed);
  if (file === undefined || (more.length > 0 && !areFeed)) return 'Name exactly one file.';
  const { checkpoint, key, policy } = parsed.values;
  if (areFeed && policy !== undefined) return 'A feed is not judged by a policy of witnesses.';
  if (!areFeed && checkpoint !== undefined) return 'Only a feed (*.ndjson) can reach a checkpoint.';
  if (key !== undefined && !parseVerifierKey(key)) {
    return 'The key is not a verifier key of the form name+hash+key.';
  }
  return { file, files, key, policy, checkpoint };
}

async function readBounded(file: string, io: Io): Promise<string | undefined> {
  try {
    const text = await io.readText(file);
    if (Buffer.byteLength(text) <= bundleLimits.fileMaxBytes) return text;
    io.complain(`The file ${file} is too large to be an evidence bundle.`);
  } catch {
    io.complain(`The file ${file} cannot be read.`);
  }
  return undefined;
}
