import { logSigner, parsePolicy, type WitnessPolicy } from '@proofline/evidence';
import { z } from 'zod';
import { CallbackTarget } from '../callbacks/callback-target.ts';
import { keyOf } from '../key-of.ts';

/** Who signs the log’s checkpoints besides the log, in the form of C2SP tlog-policy. */
export const witnessPolicy = z.string().transform((text, context): WitnessPolicy => {
  // Its last newline does not outlive being read from a file as a setting.
  const parsed = parsePolicy(`${text.trimEnd()}\n`);
  if (parsed.ok) return parsed.value;
  const message = `is not a policy of witnesses: ${parsed.error}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

interface Settings {
  readonly PROOFLINE_WITNESS_POLICY?: WitnessPolicy | undefined;
  readonly PROOFLINE_INTERNAL_WITNESS_ORIGINS: readonly string[];
  readonly PROOFLINE_LOG_NAME: string;
  readonly PROOFLINE_LOG_SEED: string;
}

/** What is wrong with the policy beside the other settings; `undefined`: nothing. */
export function whyWitnessesUnfit(settings: Settings): string | undefined {
  const { PROOFLINE_WITNESS_POLICY: policy, PROOFLINE_INTERNAL_WITNESS_ORIGINS: inside } = settings;
  if (!policy) return undefined;
  const own = ownKey(settings);
  if (!own) return undefined;
  if (policy.logs.length > 0 && !policy.logs.some(({ key }) => key.text === own.text)) {
    return `names logs, and not this one: ${own.text}`;
  }
  for (const { name, key, url } of policy.witnesses) {
    if (Buffer.compare(key.publicKey, own.publicKey) === 0) {
      return `has the log’s own key for the witness ‘${name}’: nobody is a witness of their own`;
    }
    if (url === undefined) return `has no URL for the witness ‘${name}’`;
    const origin = URL.parse(url)?.origin ?? '';
    const target = CallbackTarget.safeParse({ url, internal: inside.includes(origin) });
    if (!target.success) {
      return `has a URL for the witness ‘${name}’ that ${target.error.issues[0]?.message}`;
    }
  }
  return undefined;
}

/** The other settings may be wrong as well, and say so themselves. */
function ownKey({ PROOFLINE_LOG_NAME: name, PROOFLINE_LOG_SEED: seed }: Settings) {
  try {
    return logSigner(name, keyOf(seed)).key;
  } catch {
    return undefined;
  }
}
