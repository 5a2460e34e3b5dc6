import { witnessSigner, type VerifierKey } from '@proofline/evidence';
import { systemClock, type Clock } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { addCheckpoint, type WitnessAlarm } from '../add-checkpoint.ts';
import { oneAtATime } from '../one-at-a-time.ts';
import { beginState, openState } from '../witness-state.ts';

/** A witness without a process and a disk, for tests of those who ask one. */
export interface MemoryWitness {
  /** Its verifier key. */
  readonly key: string;
  readonly alarms: readonly WitnessAlarm[];
  /** Sizes that it has signed, in order. */
  readonly signed: readonly number[];
  add(body: string): Promise<{ readonly status: number; type: string; body: string }>;
  /** Forgets everything, as a restored disk does. */
  forget(): Promise<void>;
}

/** A witness that signs for the logs with these keys. */
export async function memoryWitness(
  name: string,
  keys: readonly VerifierKey[],
  clock: Clock = systemClock,
): Promise<MemoryWitness> {
  const signer = witnessSigner(name, seededRandom(name).bytes(32));
  const alarms: WitnessAlarm[] = [];
  const signed: number[] = [];
  const open = async () => {
    let text: string | undefined;
    const directory = {
      read: async () => text,
      write: async (next: string) => {
        text = next;
      },
    };
    await beginState(directory, signer.key);
    return openState(directory, signer.key);
  };
  let state = await open();
  const logs = new Map(keys.map((key) => [key.name, [key]]));
  const queue = oneAtATime(100);
  return {
    key: signer.key.text,
    alarms,
    signed,
    async add(body) {
      const onAlarm = (alarm: WitnessAlarm) => void alarms.push(alarm);
      const work = () => addCheckpoint({ signer, logs, state, clock, onAlarm }, body);
      const answer = await queue(work);
      if (answer === 'busy') return { status: 503, type: 'text/plain', body: '' };
      if (answer.status === 200) signed.push(Number(body.split('\n\n')[1]?.split('\n')[1]));
      const type = answer.status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8';
      return { ...answer, type };
    },
    async forget() {
      state = await open();
    },
  };
}
