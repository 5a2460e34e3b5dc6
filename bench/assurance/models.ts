import type { AttestationPolicy, RegisteredCredential } from '@proofline/assurance';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  createTestRelyingParty,
} from '@proofline/assurance/testing';
import { systemRandom } from '@proofline/kernel';

/** A model of security key with its maker, and some keys of it that were really registered. */
export interface Model {
  readonly aaguid: string;
  readonly policy: AttestationPolicy;
  readonly registered: readonly RegisteredCredential[];
}

/** Makes so many models and registers so many keys of each; every fifth model is a synced provider. */
export async function registerModels(count: number, each: number): Promise<Model[]> {
  const models: Model[] = [];
  for (let at = 0; at < count; at += 1) {
    const aaguid = `f1d0b0b0-7e57-4a11-9c0d-${String(at).padStart(12, '0')}`;
    const authority = await createTestAuthority({ aaguid });
    const kind = at % 5 === 4 ? 'synced' : 'device-bound';
    models.push({ aaguid, policy: authority.policy, registered: await register(kind, each) });

    async function register(of: 'synced' | 'device-bound', times: number) {
      const party = createTestRelyingParty({
        origin: 'http://staff.localhost:4400',
        rpId: 'staff.localhost',
        policy: authority.policy,
        nowMs: Date.now(),
        random: systemRandom,
      });
      const all: RegisteredCredential[] = [];
      for (let time = 0; time < times; time += 1) {
        const result = await party.register(createSoftwareAuthenticator({ kind: of, authority }));
        if (!result.ok) throw new Error(result.error.internal);
        all.push(result.value);
      }
      return all;
    }
  }
  return models;
}
