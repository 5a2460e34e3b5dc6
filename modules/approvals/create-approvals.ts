import type { AccessRequestDesk, FactsProvider } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import type { MountedRoute } from '@proofline/protocol';
import type { BreakGlassBasis } from '@proofline/sessions';
import { cancelAccessRequest } from './commands/cancel-access-request.ts';
import { deliverCallbacks } from './commands/deliver-callbacks.ts';
import { readTask } from './commands/read-task.ts';
import { reviewPresented } from './commands/review-presented.ts';
import { submitAccessRequest } from './commands/submit-access-request.ts';
import { tellOutcome } from './commands/tell-outcome.ts';
import { tellRevoked } from './commands/tell-revoked.ts';
import { findUsable } from './break-glass/commands/find-usable.ts';
import { endOfSession, watchBreakGlass } from './break-glass/commands/watch-break-glass.ts';
import { breakGlassFacts } from './break-glass/facts/break-glass-facts.ts';
import { breakGlassRequestFacts } from './break-glass/facts/break-glass-request-facts.ts';
import { breakGlassRoutes } from './break-glass/routes/break-glass-routes.ts';
import type { ApprovalsDeps } from './context.ts';
import { approvalFacts } from './facts/approval-facts.ts';
import { approvalRequestFacts } from './facts/approval-request-facts.ts';
import { digestOfAsked } from './domain/content-digest.ts';
import { createRoutes } from './routes/create-routes.ts';

/** The module: its routes, and what it knows for decisions. */
export interface Approvals {
  readonly factsProviders: readonly FactsProvider[];
  /** For `decisions`: takes what enforcement points ask for in the place of whom they denied. */
  readonly accessRequests: AccessRequestDesk;
  /**
   * For the composition: a result is there, of a decision with these ids. Tells those concerned, when
   * it used an approval. Never rejects: what is lost is a reload.
   */
  resultReported(refs: Readonly<Record<string, string>>): Promise<void>;
  /** For the composition: a session is over. Tells who relies on what was approved in it. Never rejects. */
  sessionEnded(sessionId: Id<'ses'>): Promise<void>;
  /** For token exchange: an emergency access that is open for this colleague in this session. */
  readonly breakGlassBasis: BreakGlassBasis;
  /** Ends what is over, and tells of what nobody judged in time. Called every second. */
  watchBreakGlass(): Promise<void>;
  /** Tells enforcement points which of their access requests have ended. Called every second. */
  deliverCallbacks(): Promise<number>;
  readonly routes: readonly MountedRoute[];
}

/** Makes the module. Register its facts with `decisions` before anything is asked. */
export function createApprovals(deps: ApprovalsDeps): Approvals {
  return {
    factsProviders: [
      approvalFacts(deps),
      approvalRequestFacts(deps),
      breakGlassFacts(deps),
      breakGlassRequestFacts(deps),
    ],
    breakGlassBasis: { find: (input) => findUsable(deps, input) },
    watchBreakGlass: () => watchBreakGlass(deps),
    accessRequests: {
      digestOf: digestOfAsked,
      submit: (input) => submitAccessRequest(deps, input),
      read: (of) => readTask(deps, of),
      cancel: (cancelling) => cancelAccessRequest(deps, cancelling),
      review: (presented) => reviewPresented(deps, presented),
    },
    resultReported: (refs) => tellOutcome(deps, refs).catch(() => undefined),
    async sessionEnded(sessionId) {
      await tellRevoked(deps, sessionId).catch(() => undefined);
      // What is lost here, the next look of the watch finds; the facts have said it already.
      await endOfSession(deps, sessionId).catch(() => undefined);
    },
    deliverCallbacks: () => deliverCallbacks(deps),
    routes: [...createRoutes(deps), ...breakGlassRoutes(deps)],
  };
}
