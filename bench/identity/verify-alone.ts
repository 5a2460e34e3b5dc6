import {
  assertionOptions,
  registrationOptions,
  verifyAssertion,
  verifyRegistration,
  type AssertionInput,
} from '@proofline/assurance';
import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { bytesToBase64url, systemClock, systemRandom } from '@proofline/kernel';

/** Assertions verified by one thread, nothing read or kept. */
export interface Alone {
  readonly perSecond: number;
  readonly perCpuSecond: number;
}

const origin = 'https://staff.example';
const rpId = 'staff.example';
const policy = { authorities: [], allowedAaguids: [], statuses: [] };
const KEPT = 200;

/** All checks of an assertion (WebAuthn §7.2), for about so long. */
export async function verifyAlone(forMs: number): Promise<Alone> {
  const inputs = await assertionsOf();
  await verifyFor(inputs, 500);
  return verifyFor(inputs, forMs);
}

async function verifyFor(inputs: readonly AssertionInput[], forMs: number): Promise<Alone> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  let done = 0;
  while (performance.now() - start < forMs) {
    const input = inputs[done % inputs.length];
    if (input === undefined || !(await verifyAssertion(input)).ok) throw new Error('refused');
    done += 1;
  }
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: done / seconds, perCpuSecond: done / ((user + system) / 1e6) };
}

async function assertionsOf(): Promise<AssertionInput[]> {
  const passkeys = createSoftwareAuthenticator({ kind: 'synced' });
  const fresh = () => bytesToBase64url(systemRandom.bytes(32));
  const expected = { challenge: fresh(), origin, rpId, userHandle: fresh() };
  const registered = await verifyRegistration({
    credential: await passkeys.register({
      origin,
      options: registrationOptions({
        rp: { id: rpId, name: 'Example' },
        user: { handle: expected.userHandle, name: 'anna', displayName: 'Anna' },
        challenge: expected.challenge,
        exclude: [],
        attestation: 'direct',
      }),
    }),
    expected,
    policy,
    nowMs: systemClock.now(),
  });
  if (!registered.ok) throw new Error('the registration was refused');
  const inputs: AssertionInput[] = [];
  for (let made = 0; made < KEPT; made += 1) {
    const challenge = fresh();
    const options = assertionOptions({ rpId, challenge, allow: [] });
    inputs.push({
      credential: await passkeys.assert({ options, origin }),
      expected: { challenge, origin, rpId },
      stored: registered.value,
      policy,
      nowMs: systemClock.now(),
    });
  }
  return inputs;
}
