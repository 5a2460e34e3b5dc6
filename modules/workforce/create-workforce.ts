import type { FactsProvider } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import type { CredentialSource } from '@proofline/sessions';
import type { Acr, MountedRoute } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { noteUse } from './commands/note-use.ts';
import { recoverAccount, type RecoveredAccount } from './commands/recover-account.ts';
import { foundStaff } from './commands/found-staff.ts';
import { isBroughtAlong } from './domain/brought-along.ts';
import { noteLevelChanges } from './commands/note-level-changes.ts';
import { CEREMONY_MS, createContext, type Context } from './context.ts';
import { colleagueFacts } from './facts/colleague-facts.ts';
import { staffFacts } from './facts/staff-facts.ts';
import { authenticatorRoutes } from './routes/authenticator-routes.ts';
import { onboardingRoutes } from './routes/onboarding-routes.ts';
import { selfRoutes } from './routes/self-routes.ts';
import { signInRequestRoutes } from './routes/sign-in-request-routes.ts';
import { signInRoutes } from './routes/sign-in-routes.ts';
import { createProvisioning, type Provisioning } from './scim/create-provisioning.ts';
import { describeColleague } from './store/staff-rows.ts';
import type { AuthenticatorRow } from './store/authenticator-rows.ts';
import type { Channel, Colleague, Founder, FounderInvitation, WorkforceDeps } from './types.ts';

/** The module: who works here, how they came in, and how they sign in. */
export interface Workforce {
  /** Genesis. Not a route: for whoever sets an installation up. */
  foundStaff(list: readonly Founder[]): Promise<readonly FounderInvitation[]>;
  /** Whether anybody works here yet, in whatever state. */
  hasStaff(): Promise<boolean>;
  /** For rooms above and the edge: name, desk, roles, and whether the account is active. */
  findColleague(subjectId: Id<'stf'>): Promise<Colleague | undefined>;
  /** Whoever has this employee number, in whatever state. */
  findNumbered(employeeNumber: string): Promise<Id<'stf'> | undefined>;
  /** For recoveries, which stand above: reading passkeys, noting a use, and their last step. */
  readonly forRecovery: ForRecovery;
  /** Whether one of the two ever invited or confirmed the other one. */
  broughtIn(one: Id<'stf'>, other: Id<'stf'>): Promise<boolean>;
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

/** For whom a passkey is made. */
interface PasskeyUser {
  readonly handle: string;
  readonly displayName: string;
  /** Others use the machines of their desk after them: a passkey must not be left behind on one. */
  readonly isBroughtAlong: boolean;
}

/** What recoveries need of this module, and nobody else. */
export interface ForRecovery {
  find(db: Db, subjectId: Id<'stf'>): Promise<Colleague | undefined>;
  findByNumber(db: Db, employeeNumber: string): Promise<Colleague | undefined>;
  channelsOf(db: Db, subjectId: Id<'stf'>): Promise<readonly Channel[]>;
  listOf(db: Db, subjectId: Id<'stf'>): Promise<readonly AuthenticatorRow[]>;
  userOf(db: Db, subjectId: Id<'stf'>): Promise<PasskeyUser | undefined>;
  /** False when the same counter was used meanwhile. */
  noteUse(
    tx: Db,
    passkey: AuthenticatorRow,
    use: {
      readonly counter: number;
      readonly backedUp: boolean;
      readonly acr: Acr;
      readonly at: Date;
    },
  ): Promise<boolean>;
  recoverAccount(tx: Db, recovered: RecoveredAccount): Promise<(() => void) | undefined>;
}

function forRecovery(context: Context): ForRecovery {
  const { authenticators, channels, staff } = context.rows;
  return {
    async find(db, subjectId) {
      const row = await staff.findById(db, subjectId);
      return row && describeColleague(row);
    },
    async findByNumber(db, employeeNumber) {
      const row = await staff.findByEmployeeNumber(db, employeeNumber);
      return row && describeColleague(row);
    },
    channelsOf: channels.listOf,
    listOf: authenticators.listOf,
    async userOf(db, subjectId) {
      const row = await staff.findById(db, subjectId);
      if (!row) return undefined;
      const isAlong = isBroughtAlong(context.deskModes, row.desk);
      return { handle: row.userHandle, displayName: row.displayName, isBroughtAlong: isAlong };
    },
    noteUse: (tx, stored, { acr, ...use }) =>
      noteUse(context, tx, { stored, use: { ...use, countsAs: acr } }),
    recoverAccount: (tx, recovered) => recoverAccount(context, tx, recovered),
  };
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
      const row = await staff.findById(deps.storage.byKey, subjectId);
      return row && describeColleague(row);
    },
    findNumbered: async (employeeNumber) =>
      (await staff.findByEmployeeNumber(db, employeeNumber))?.subjectId,
    broughtIn: (one, other) => context.rows.invitations.isBetween(db, one, other),
    listColleagues: async () => (await staff.everybody(db)).map(describeColleague),
    forRecovery: forRecovery(context),
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
      ...signInRequestRoutes(context),
      ...selfRoutes(context),
      ...authenticatorRoutes(context),
      ...provisioning.routes,
    ],
  };
}
