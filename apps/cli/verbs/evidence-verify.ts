import { parseArgs } from 'node:util';
import { bundleLimits, parseVerifierKey, verifyBundle } from '@proofline/evidence';
import { exitCodes, type Io, type Verb } from '../verb.ts';
import { reportBundle } from './evidence-report.ts';
import { readPolicyFile } from './read-policy-file.ts';

const USAGE = 'FILE [--key VKEY] [--policy POLICY]';

/** Checks an exported chain of evidence, offline. */
export const evidenceVerify: Verb = {
  name: 'evidence verify',
  usage: USAGE,
  summary:
    'Checks an exported chain of evidence, offline. --key: the log’s verifier key as you know it. ' +
    '--policy: a file of witnesses who must have signed, too.',

  async run(parameters, io) {
    const asked = read(parameters);
    if (typeof asked === 'string') {
      io.complain(`${asked} Usage: proofline evidence verify ${USAGE}`);
      return exitCodes.usage;
    }
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
  readonly key: string | undefined;
  /** Path of a policy of witnesses. */
  readonly policy: string | undefined;
}

function read(parameters: readonly string[]): Asked | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...parameters],
      options: { key: { type: 'string' }, policy: { type: 'string' } },
      allowPositionals: true,
    });
  } catch {
    return 'There is an option that this command does not have.';
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) return 'Name exactly one file.';
  const { key, policy } = parsed.values;
  if (key !== undefined && !parseVerifierKey(key)) {
    return 'The key is not a verifier key of the form name+hash+key.';
  }
  return { file, key, policy };
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
