import type { Id, JsonObject } from '@proofline/kernel';
import type { DecisionCase, ReleaseText } from '@proofline/policy';
import {
  requestAccess,
  type Decision,
  type MountedRoute,
  type OwnStop,
  type ReleaseRef,
  type ResultOutcome,
} from '@proofline/protocol';
import type { AccessRequestDesk } from './authzen/access-request-desk.ts';
import { createAccessRequestRoutes } from './authzen/access-request-routes.ts';
import { createAuthzenRoutes } from './authzen/create-authzen-routes.ts';
import { createDenialBindings, type DenialBindings } from './authzen/denial-bindings.ts';
import type { Enumerator } from './authzen/enumerator.ts';
import { signCallback } from './authzen/sign-callback.ts';
import { createTokenKeys } from './authzen/token-keys.ts';
import { decide } from './commands/decide.ts';
import { previewFields } from './commands/preview-fields.ts';
import { preview } from './commands/preview.ts';
import { requireFor } from './commands/require-for.ts';
import { requirePermit } from './commands/require-permit.ts';
import { rowsPermitted } from './commands/rows-permitted.ts';
import { createContext, type DecisionsDeps } from './context.ts';
import { followReleases } from './releases/commands/follow-releases.ts';
import { followShadow } from './releases/commands/follow-shadow.ts';
import {
  openReleases,
  type OpenedReleases,
  type PolicyFiles,
} from './releases/commands/open-releases.ts';
import { createPolicyNews } from './releases/policy-news.ts';
import { releaseFiles } from './releases/commands/release-files.ts';
import { policyChangeFacts } from './releases/facts/policy-change-facts.ts';
import { createRoutes } from './routes/create-routes.ts';
import { findDecisionRow, linksOf, recordedDecision } from './store/decision-rows.ts';
import { findOutcomes } from './store/result-rows.ts';
import { findCandidate } from './releases/store/candidate-rows.ts';
import { followSwitches } from './switches/commands/follow-switches.ts';
import { ownStops } from './switches/commands/own-stops.ts';
import type { Employed } from './switches/domain/could-do.ts';
import { switchChangeFacts } from './switches/facts/switch-change-facts.ts';
import {
  toldFacts,
  type Decider,
  type FactsProvider,
  type PermitDecider,
  type RowDecider,
} from './types.ts';

/** A decision as it was recorded. */
interface FoundDecision {
  readonly decision: Decision;
  readonly facts: JsonObject;
  readonly subjects: Readonly<Record<string, string>>;
}

/** The module: the PDP, its releases and its routes. */
export interface Decisions extends Decider, PermitDecider, RowDecider {
  /** @throws when the name is taken: two owners of one fact could contradict each other. */
  registerFacts(provider: FactsProvider): void;
  /** For searches. @throws when the type has an owner already. */
  registerEnumerator(enumerator: Enumerator): void;
  /** Who takes access requests of enforcement points. @throws when somebody does already */
  registerAccessRequests(desk: AccessRequestDesk): void;
  /** What a denial was about that somebody hands back to ask for its approval. */
  readonly readDenial: DenialBindings['read'];
  /**
   * Puts the newest stored release in force; the folder is the first release of an empty database,
   * and a candidate of any other.
   *
   * @throws Error with a sentence when the stored policies were changed or set back.
   */
  open(files: PolicyFiles): Promise<OpenedReleases>;
  /** Takes what has become live on another node. Called every second. */
  follow(): Promise<void>;
  /** Takes up what is tried out beside, and writes down what was counted. Called every second. */
  followShadow(): Promise<void>;
  /** Why a stored release is not taken; the last good one is in force meanwhile. */
  releaseFault(): string | undefined;
  /**
   * Makes a set of policies current, as a new release when its content changed.
   *
   * @throws PolicyReleaseError when it does not validate or one of the cases comes out otherwise.
   */
  release(text: ReleaseText, cases?: readonly DecisionCase[]): Promise<ReleaseRef>;
  /** A decision with the facts that it rested on, and whom it was about, by role (`actor`, `customer`). */
  findDecision(decisionId: Id<'dec'>): Promise<FoundDecision | undefined>;
  /** What names the content of a candidate, and what it is for. */
  candidateOf(candidateId: Id<'pcd'>): Promise<{ digest: string; note: string } | undefined>;
  /** What became of these decisions, where an enforcement point has said so. At most 200 at once. */
  outcomesOf(decisionIds: readonly string[]): Promise<ReadonlyMap<string, ResultOutcome>>;
  /** A token for a body that is sent to an enforcement point's address. */
  signCallback(of: { readonly endpoint: string; readonly body: string }): Promise<string>;
  /** Looks at the switches, and writes down which have run out. Called every second. */
  followSwitches(): Promise<void>;
  /** What security has stopped, as far as it concerns a colleague. */
  stopsFor(person: Employed): Promise<readonly OwnStop[]>;
  /** What this module itself knows about a question; composition registers it with the others. */
  readonly factsProviders: readonly FactsProvider[];
  readonly routes: readonly MountedRoute[];
}

/** Makes the module. Call `release` after the migrations and before anything is asked. */
export function createDecisions(deps: DecisionsDeps): Decisions {
  const context = createContext(deps);
  const news = createPolicyNews(context);
  const keys = createTokenKeys({ ...deps, issuer: deps.staffOrigin });
  const bindings = createDenialBindings({
    ...deps,
    keys,
    audience: deps.staffOrigin,
    endpoint: () => context.accessRequests() && `${deps.staffOrigin}${requestAccess.path}`,
  });
  return {
    decide: (input) => decide(context, input),
    require: (input) => requirePermit(context, input),
    requireFor: (input, act) => requireFor(context, input, act),
    preview: (input, actions) => preview(context, input, actions),
    previewFields: (input) => previewFields(context, input),
    rowsPermitted: (input) => rowsPermitted(context, input),
    registerFacts(provider) {
      // These are what the caller says; no provider may speak in its place.
      const isTold = ['request', ...toldFacts].includes(provider.name);
      if (isTold || context.providers.has(provider.name)) {
        throw new Error(`facts named ${provider.name} have an owner already`);
      }
      context.providers.set(provider.name, provider);
    },
    registerEnumerator(enumerator) {
      if (context.enumerators.has(enumerator.type)) {
        throw new Error(`${enumerator.type} is listed by somebody else already`);
      }
      context.enumerators.set(enumerator.type, enumerator);
    },
    registerAccessRequests(desk) {
      if (context.accessRequests()) throw new Error('somebody takes access requests already');
      context.setAccessRequests(desk);
    },
    readDenial: bindings.read,
    open: (files) => openReleases(context, files),
    async follow() {
      await followReleases(context);
      news.look();
    },
    followShadow: () => followShadow(context),
    releaseFault: () => context.releases.fault,
    release: (text, cases) => releaseFiles(context, text, cases),
    async findDecision(decisionId) {
      const row = await findDecisionRow(deps.storage.db, deps.tenant, decisionId);
      return row && { ...recordedDecision(row), subjects: linksOf(row).subjects };
    },
    async candidateOf(candidateId) {
      const row = await findCandidate(deps.storage.db, deps.tenant, candidateId);
      return row && { digest: row.digest, note: row.note };
    },
    outcomesOf: (decisionIds) => findOutcomes(deps.storage.db, deps.tenant, decisionIds),
    signCallback: (of) => signCallback({ ...deps, keys }, of),
    followSwitches: () => followSwitches(context),
    stopsFor: (person) => ownStops(context, person),
    factsProviders: [policyChangeFacts(context), switchChangeFacts(context)],
    routes: [
      ...news.telling(createRoutes(context)),
      ...createAuthzenRoutes(context, { keys, bindings }),
      ...createAccessRequestRoutes(context, bindings),
    ],
  };
}
