import { parsePolicy, policyLimits, type WitnessPolicy } from '@proofline/evidence';
import type { Io } from '../verb.ts';

/** The policy of witnesses that somebody named; why it is `unusable` has been said. */
export async function readPolicyFile(
  file: string | undefined,
  io: Io,
): Promise<WitnessPolicy | undefined | 'unusable'> {
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = await io.readText(file);
  } catch {
    io.complain(`The file ${file} cannot be read.`);
    return 'unusable';
  }
  const parsed =
    text.length > policyLimits.fileMaxBytes
      ? { ok: false as const, error: 'it is too large' }
      : parsePolicy(text);
  if (parsed.ok) return parsed.value;
  io.complain(`The file ${file} is not a policy of witnesses: ${parsed.error}.`);
  return 'unusable';
}
