import { fixedClock, newId, type Id, type JsonObject } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { DecisionCase } from '@proofline/policy';
import type { Migration } from '@proofline/storage';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { productPolicies } from '../../../packages/policy/testing/product-policies.ts';
import {
  createDecisions,
  migrations,
  type DecisionInput,
  type DecisionsDeps,
  type Facts,
} from '../index.ts';
import { testSigningKeys } from './test-signing-key.ts';
import { recordingLedger, recordingMigration } from './recording-ledger.ts';

/** What the stand-in providers know: change a member to change the facts of the next question. */
export type Known = Record<string, Facts | undefined>;

const providerNames = [
  'staff',
  'service',
  'session',
  'interaction',
  'caseFile',
  'proof',
  'grant',
  'chain',
  'approval',
  'approvalRequest',
  'colleague',
  'policyChange',
  'switchChange',
  'erasureRequest',
  'holdChange',
  'breakGlass',
  'breakGlassRequest',
];

/** The module on an empty database, the product's policies released, and facts that a test sets. */
export async function decisionsWorld({
  migrations: more = [],
  ownProviders = [],
  onReported,
  cases,
}: {
  /** Tables of a room above, which is under test. */
  readonly migrations?: readonly Migration[];
  /** Facts that this room above registers itself. */
  readonly ownProviders?: readonly string[];
  readonly onReported?: (refs: Readonly<Record<string, string>>) => void;
  /** Named cases that the product's policies are released with. */
  readonly cases?: readonly DecisionCase[];
} = {}) {
  const clock = fixedClock();
  const random = seededRandom('decisions');
  const ports = { clock, random };
  const storage = await openTestStorage([...migrations, recordingMigration, ...more], ports);
  const ledger = recordingLedger(storage, ports);
  const deps: DecisionsDeps = {
    storage,
    ledger,
    ...ports,
    tenant: 'hx',
    signingKeys: () => testSigningKeys,
    policySeeds: [seededRandom('policies').bytes(32)],
    staffOrigin: 'http://staff.localhost:4400',
    ...(onReported && { onReported }),
  };
  const decisions = createDecisions(deps);
  const ids = {
    agent: newId('stf', ports),
    session: newId('ses', ports),
    call: newId('int', ports),
    grant: newId('grt', ports),
    customer: newId('cus', ports),
    sessionEvidence: newId('evt', ports),
    proofEvidence: newId('evt', ports),
    grantEvidence: newId('evt', ports),
  };
  const known = provedCall(ids);
  for (const name of providerNames) {
    if (!ownProviders.includes(name))
      decisions.registerFacts({ name, gather: async () => known[name] });
  }
  await decisions.release(productPolicies(), cases);
  const ask = (action: DecisionInput['action'], request?: JsonObject): DecisionInput => ({
    subject: { type: 'Staff', id: ids.agent },
    sessionId: ids.session,
    grantId: ids.grant,
    action,
    resource: { type: 'Account', id: 'HX-20017' },
    ...(request && { request }),
  });
  return { clock, random, storage, ledger, decisions, deps, ids, known, ask };
}

/** A billing agent on a live call whose caller has just proved who they are. */
function provedCall(ids: {
  readonly customer: Id<'cus'>;
  readonly call: Id<'int'>;
  readonly sessionEvidence: Id<'evt'>;
  readonly proofEvidence: Id<'evt'>;
  readonly grantEvidence: Id<'evt'>;
}): Known {
  return {
    staff: { values: { roles: ['billing-agent'], desk: 'Harbour', active: true } },
    session: {
      values: { live: true, phrAgeSeconds: 20, leftAloneSeconds: 20 },
      causes: [ids.sessionEvidence],
    },
    interaction: {
      values: {
        state: 'live',
        assignedToSubject: true,
        sameDesk: true,
        wrongCodes: 0,
        overSeconds: 0,
      },
      refs: { interactionId: ids.call },
    },
    caseFile: { values: { type: 'billing', open: true } },
    proof: {
      values: {
        ageSeconds: 30,
        acr: 'phr',
        purpose: 'billing',
        customerMatchesResource: true,
        settled: true,
      },
      causes: [ids.proofEvidence],
      subjects: { customer: ids.customer },
    },
    grant: { values: { live: true, permitsAction: true }, causes: [ids.grantEvidence] },
  };
}
