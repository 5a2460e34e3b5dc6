import type { CeremonyOptions, CustomerRecoveryDone, RecoveryAct } from '@proofline/protocol';
import { post } from '../ports/api.ts';
import { usePasskey } from '../ports/passkey.ts';
import { neutral } from '../words.ts';
import { failureText } from './failure-text.ts';

/** Lays something by, or undoes it: a passkey that one has signs this very act. */
export async function doAct(
  act: RecoveryAct,
  to: {
    readonly say: (text: string) => void;
    readonly code?: string;
    readonly onDone: (done: CustomerRecoveryDone) => Promise<void> | void;
  },
): Promise<void> {
  const { code, onDone, say } = to;
  say('');
  const options = await post<CeremonyOptions>('/api/customer/recovery/acts', { act });
  if (!options.ok) return say(failureText(options.failure));
  const prompted = await usePasskey(options.value);
  if (!prompted.ok) {
    return say(prompted.why === 'unsupported' ? neutral.unsupported : neutral.closed);
  }
  const body = { answer: prompted.answer, ...(code && { code }) };
  const done = await post<CustomerRecoveryDone>('/api/customer/recovery/proof', body);
  if (!done.ok) return say(failureText(done.failure));
  await onDone(done.value);
}
