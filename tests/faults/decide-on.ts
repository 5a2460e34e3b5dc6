import { createDecisions, type Decisions } from '@proofline/decisions';
import { recordingLedger, type RecordingLedger } from '@proofline/decisions/testing';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { openStorage, type Storage } from '@proofline/storage';
import { testSigningKeys } from '../../modules/decisions/testing/test-signing-key.ts';
import { productCases, productPolicies } from '../../packages/policy/testing/product-policies.ts';

/** A node that decides on a database, as a server process has it. */
export interface DecidingNode {
  readonly storage: Storage;
  readonly decisions: Decisions;
  readonly ledger: RecordingLedger;
  /** Asks whether a billing agent at the desk Harbour may list calls. */
  ask(): ReturnType<Decisions['decide']>;
}

/** Opens the module on that database; `migrate` first makes its tables. */
export async function decideOn(
  url: string,
  migrate: (storage: Storage) => Promise<void> = async () => undefined,
): Promise<DecidingNode> {
  const ports = { clock: systemClock, random: systemRandom };
  const storage = await openStorage({ url, connectionsMax: 4, ...ports });
  await migrate(storage);
  const ledger = recordingLedger(storage, ports);
  const decisions = createDecisions({
    storage,
    ledger,
    ...ports,
    tenant: 'hx',
    signingKeys: () => testSigningKeys,
    policySeeds: [seededRandom('policies').bytes(32)],
    staffOrigin: 'http://staff.localhost:4400',
  });
  const facts = {
    staff: { roles: ['billing-agent'], desk: 'Harbour', active: true },
    session: { live: true, phrAgeSeconds: 5, leftAloneSeconds: 5 },
  };
  for (const [name, values] of Object.entries(facts)) {
    decisions.registerFacts({ name, gather: async () => ({ values }) });
  }
  await decisions.open({ text: productPolicies(), cases: productCases(), mode: 'candidate' });
  const subject = { type: 'Staff', id: newId('stf', ports) };
  return {
    storage,
    decisions,
    ledger,
    ask: () =>
      decisions.decide({
        subject,
        action: 'interaction:list',
        resource: { type: 'Workforce', id: '*' },
      }),
  };
}
