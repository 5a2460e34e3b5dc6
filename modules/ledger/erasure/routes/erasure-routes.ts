import {
  approveErasure,
  declineErasure,
  forecastErasure,
  handle,
  liftHold,
  placeHold,
  readRetention,
  requestErasure,
  type MountedRoute,
} from '@proofline/protocol';
import { createSearchNotes } from '../../reading/note-search.ts';
import { currentPolicy } from '../commands/current-policy.ts';
import { CLOSED } from '../commands/forecast-erasure.ts';
import { learnLifted } from '../commands/lifted-holds.ts';
import { resolveForecast } from '../commands/resolve-target.ts';
import type { ErasureCommands } from '../erasures.ts';
import { describeErasure, describeHold, findDue } from './describe-erasure.ts';

/** As many as the page shows. */
const LISTED_MAX = 100;

/** Retention, holds and erasures: look, ask, answer, hold, lift. */
export function erasureRoutes(erasures: ErasureCommands): MountedRoute[] {
  const { context } = erasures;
  const { storage } = context;
  const noteSearch = createSearchNotes({ context, ...context });
  return [
    handle(readRetention, async ({ caller }) => {
      const { policy, evidenceId } = await currentPolicy(context);
      await learnLifted(context);
      const [holds, asked] = [
        await context.holds.newest(storage.db, LISTED_MAX),
        await context.erasures.newest(storage.db, LISTED_MAX),
      ];
      return {
        policy,
        ...(evidenceId && { policyEvidenceId: evidenceId }),
        due: await findDue(context, policy),
        ...(!storage.mayErase() && { closed: CLOSED }),
        holds: await Promise.all(holds.map((row) => describeHold(context, row, caller.subjectId))),
        erasures: await Promise.all(
          asked.map((row) => describeErasure(context, row, caller.subjectId)),
        ),
      };
    }),

    handle(forecastErasure, async ({ body, caller, decision }) => {
      const { target } = body;
      const forecast = await erasures.forecast(await resolveForecast(context, target));
      // Whoever asks what there is of a person has searched for them. Counted first: that search is one more.
      if (target.form === 'fields') {
        await noteSearch({
          search: { id: target.subject, count: 0 },
          readerId: caller.subjectId,
          decisionEvidenceId: decision.evidenceId,
          inquiry: undefined,
        });
      }
      return forecast;
    }),

    handle(requestErasure, async ({ body, caller, decision }) => {
      const row = await erasures.ask({
        ...body,
        actor: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeErasure(context, row, caller.subjectId);
    }),

    handle(approveErasure, async ({ params, caller, decision }) => {
      const row = await erasures.approve({
        ...params,
        actor: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeErasure(context, row, caller.subjectId);
    }),

    handle(declineErasure, async ({ params, caller, decision }) => {
      const row = await erasures.decline({
        ...params,
        actor: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeErasure(context, row, caller.subjectId);
    }),

    handle(placeHold, async ({ body, caller, decision }) => {
      const row = await erasures.placeHold({
        ...body,
        actor: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeHold(context, row, caller.subjectId);
    }),

    handle(liftHold, async ({ params, caller, decision }) => {
      const row = await erasures.liftHold({
        ...params,
        actor: caller.subjectId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeHold(context, row, caller.subjectId);
    }),
  ];
}
