import type { Route } from '../route.ts';
import * as accessRequests from './access-requests.ts';
import * as applications from './applications.ts';
import * as approvals from './approvals.ts';
import * as authenticators from './authenticators.ts';
import * as authzen from './authzen.ts';
import * as breakGlass from './break-glass.ts';
import * as console from './console.ts';
import * as customerApplications from './customer-applications.ts';
import * as customerProofs from './customer-proofs.ts';
import * as customerSignInRequests from './customer-sign-in-requests.ts';
import * as customers from './customers.ts';
import * as decisions from './decisions.ts';
import * as evidence from './evidence.ts';
import * as evidenceLog from './evidence-log.ts';
import * as evidenceInquiries from './evidence-inquiries.ts';
import * as evidenceWitnesses from './evidence-witnesses.ts';
import * as evidenceErasures from './evidence-erasures.ts';
import * as evidenceRadius from './evidence-radius.ts';
import * as evidenceReceivers from './evidence-receivers.ts';
import * as hardware from './hardware.ts';
import * as interactions from './interactions.ts';
import * as leastPrivilege from './least-privilege.ts';
import * as onboarding from './onboarding.ts';
import * as pipeline from './pipeline.ts';
import * as policies from './policies.ts';
import * as policyCheck from './policy-check.ts';
import * as policyRehearsals from './policy-rehearsals.ts';
import * as policyStages from './policy-stages.ts';
import * as provisioning from './provisioning.ts';
import * as scim from './scim.ts';
import * as customerRecovery from './customer-recovery.ts';
import * as recovery from './recovery.ts';
import * as self from './self.ts';
import * as signingKeys from './signing-keys.ts';
import * as serviceRegistry from './service-registry.ts';
import * as sessions from './sessions.ts';
import * as signIn from './sign-in.ts';
import * as signInRequests from './sign-in-requests.ts';
import * as switches from './switches.ts';

function routesOf(area: Record<string, unknown>): Route[] {
  return Object.values(area).filter(
    (value): value is Route => typeof value === 'object' && value !== null && 'caller' in value,
  );
}

/** Every route of the contract. The server refuses to start when one of them has no handler. */
export const routes: readonly Route[] = [
  accessRequests,
  applications,
  approvals,
  authenticators,
  authzen,
  breakGlass,
  console,
  customerApplications,
  customerProofs,
  customerSignInRequests,
  customers,
  decisions,
  evidence,
  evidenceReceivers,
  evidenceLog,
  evidenceInquiries,
  evidenceWitnesses,
  evidenceErasures,
  evidenceRadius,
  hardware,
  interactions,
  leastPrivilege,
  onboarding,
  pipeline,
  policies,
  policyCheck,
  policyRehearsals,
  policyStages,
  provisioning,
  scim,
  recovery,
  customerRecovery,
  self,
  serviceRegistry,
  sessions,
  signingKeys,
  signIn,
  signInRequests,
  switches,
].flatMap(routesOf);
