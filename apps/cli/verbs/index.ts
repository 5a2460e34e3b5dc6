import type { Environment } from '../server/pipeline-settings.ts';
import type { Verb } from '../verb.ts';
import { doctor } from './doctor.ts';
import { erasureByPerson } from './erasure-by-person.ts';
import { evidenceByPerson } from './evidence-by-person.ts';
import { evidenceFsck } from './evidence-fsck.ts';
import { evidenceVerify } from './evidence-verify.ts';
import { evidenceWitness } from './evidence-witness.ts';
import { migrate } from './migrate.ts';
import { policyByPerson } from './policy-by-person.ts';
import { policyCandidates } from './policy-candidates.ts';
import { policyCheck } from './policy-check.ts';
import { policyDiff } from './policy-diff.ts';
import { policyExplain } from './policy-explain.ts';
import { policyProve } from './policy-prove.ts';
import { policyTest } from './policy-test.ts';
import { serviceByPerson } from './service-by-person.ts';

/** Every verb, in the order of the help. */
export function verbsOf(environment: Environment): readonly Verb[] {
  return [
    evidenceVerify,
    evidenceFsck(environment),
    evidenceWitness(environment),
    ...erasureByPerson(environment),
    policyCheck,
    policyTest,
    policyProve,
    policyDiff,
    policyExplain,
    ...evidenceByPerson(environment),
    ...policyCandidates(environment),
    ...policyByPerson(environment),
    ...serviceByPerson(environment),
    doctor(environment),
    migrate(environment),
  ];
}
