import { parseArgs } from 'node:util';
import { bundleLimits, parseVerifierKey, verifyBundle } from '@proofline/evidence';
import { exitCodes, type Io, type Verb } from '../verb.ts';
import { reportBundle } from './evidence-report.ts';

/** Checks an exported chain of evidence, offline. */
export const evidenceVerify: Verb = {
  name: 'evidence verify',
  usage: 'FILE [--key VKEY]',
  summary:
    'Checks an exported chain of evidence, offline. --key: the log’s verifier key as you know it.',

  async run(parameters, io) {
    const asked = read(parameters);
    if (typeof asked === 'string') {
      io.complain(`${asked} Usage: proofline evidence verify FILE [--key VKEY]`);
      return exitCodes.usage;
    }
    const text = await readBounded(asked.file, io);
    if (text === undefined) return exitCodes.usage;
    const verdict = verifyBundle(text, asked.key === undefined ? {} : { trustedKey: asked.key });
    for (const line of reportBundle(verdict)) io.say(line);
    return verdict.ok ? exitCodes.ok : exitCodes.wrong;
  },
};

function read(
  parameters: readonly string[],
): { readonly file: string; readonly key: string | undefined } | string {
  let parsed;
  try {
    parsed = parseArgs({
      args: [...parameters],
      options: { key: { type: 'string' } },
      allowPositionals: true,
    });
  } catch {
    return 'There is an option that this command does not have.';
  }
  const [file, ...more] = parsed.positionals;
  if (file === undefined || more.length > 0) return 'Name exactly one file.';
  const { key } = parsed.values;
  if (key !== undefined && !parseVerifierKey(key)) {
    return 'The key is not a verifier key of the form name+hash+key.';
  }
  return { file, key };
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
