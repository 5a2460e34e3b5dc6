import type { FactsProvider } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import type { CredentialSource } from '@proofline/sessions';
import type { MountedRoute } from '@proofline/protocol';
import { foundStaff } from './commands/found-staff.ts';
import { noteLevelChanges } from './commands/note-level-changes.ts';
import { CEREMONY_MS, createContext } from './context.ts';
import { colleagueFacts } from './facts/colleague-facts.ts';
import { staffFacts } from './facts/staff-facts.ts';
import { authenticatorRoutes } from './routes/authenticator-routes.ts';
import { onboardingRoutes } from './routes/onboarding-routes.ts';
import { selfRoutes } from './routes/self-routes.ts';
import { signInRoutes } from './routes/sign-in-routes.ts';
import { createProvisioning, type Provisioning } from './scim/create-provisioning.ts';
import { describeColleague } from './store/staff-rows.ts';
import type { Colleague, Founder, FounderInvitation, WorkforceDeps } from './types.ts';

/** The module: who works here, how they came in, and how they sign in. */
export interface Workforce {
  /** Genesis. Not a route: for whoever sets an installation up. */
  foundStaff(list: readonly Founder[]): Promise<readonly FounderInvitation[]>;
  /** Whether anybody works here yet, in whatever state. */
  hasStaff(): Promise<boolean>;
  /** For rooms above and the edge: name, desk, roles, and whether the account is active. */
  findColleague(subjectId: Id<'stf'>): Promise<Colleague | undefined>;
  /** Everybody who was ever invited, by desk and name. */
  listColleagues(): Promise<readonly Colleague[]>;
  /** `context.staff` of every decision, and `context.colleague` of those about somebody. */
  readonly factsProviders: readonly FactsProvider[];
  /** What directories may say of people. */
  readonly provisioning: Provisioning;
  /** Everybody's credentials, to be judged anew. */
  readonly credentials: CredentialSource;
  /** Deletes ceremonies whose time is long over. The composition calls it now and then. */
  forgetOldCeremonies(): Promise<void>;
  readonly routes: readonly MountedRoute[];
}

/** Makes the module. Nothing runs by itself. */
export function createWorkforce(deps: WorkforceDeps): Workforce {
  const context = createContext(deps);
  const { ceremonies, staff } = context.rows;
  const { db } = deps.storage;
  const provisioning = createProvisioning(context);
  return {
    foundStaff: (list) => foundStaff(context, list),
    hasStaff: async () => !(await staff.isEmpty(db)),
    findColleague: async (subjectId) => {
      const row = await staff.findById(db, subjectId);
      return row && describeColleague(row);
    },
    listColleagues: async () => (await staff.list(db)).rows.map(describeColleague),
    factsProviders: [staffFacts(context), colleagueFacts(context)],
    credentials: {
      realm: 'workforce',
      page: (after, limit) => context.rows.authenticators.page(db, after, limit),
      note: (tx, changes) => noteLevelChanges(context, tx, changes),
    },
    forgetOldCeremonies: () =>
      ceremonies.forgetBefore(db, new Date(deps.clock.now() - CEREMONY_MS)),
    provisioning,
    routes: [
      ...onboardingRoutes(context),
      ...signInRoutes(context),
      ...selfRoutes(context),
      ...authenticatorRoutes(context),
      ...provisioning.routes,
    ],
  };
}
