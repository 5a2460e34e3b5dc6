import {
  authzenConfiguration,
  evaluate,
  evaluateAll,
  Evaluation,
  handle,
  ProblemError,
  searchActions,
  searchResources,
  searchSubjects,
  type Call,
  type Decision,
  type EvaluationAnswer,
  type MountedRoute,
} from '@proofline/protocol';
import { decide } from '../commands/decide.ts';
import type { DecisionsContext } from '../context.ts';
import type { DecisionInput } from '../types.ts';
import { answerOf } from './answer-of.ts';
import type { DenialBindings } from './denial-bindings.ts';
import { evaluateBatch } from './evaluate-batch.ts';
import { describePdp } from './metadata.ts';
import { createPageTokens } from './page-tokens.ts';
import { inputOf } from './read-evaluation.ts';
import { search, type Search } from './search.ts';
import type { TokenKeys } from './token-keys.ts';

/** OpenID AuthZEN Authorization API 1.0 and its profiles, at this PDP. */
export function createAuthzenRoutes(
  context: DecisionsContext,
  { keys, bindings }: { readonly keys: TokenKeys; readonly bindings: DenialBindings },
): MountedRoute[] {
  const answer = async (decision: Decision, input: DecisionInput): Promise<EvaluationAnswer> =>
    answerOf(decision, {
      supported: input.supportedObligations,
      accessRequest: await bindings.offer(decision, input),
    });
  const one = async (evaluation: Evaluation) => {
    const input = inputOf(evaluation);
    return answer(await decide(context, input), input);
  };
  const searching = { ...context, pageTokens: createPageTokens(keys, context.clock) };
  return [
    handle(evaluate, ({ body }) => one(body)),
    handle(evaluateAll, async ({ body }) => {
      // §7.1: without questions of its own, the request is one question.
      if (!body.evaluations?.length) return one(readWhole(body));
      return { evaluations: await evaluateBatch(context, body, answer) };
    }),
    handle(searchSubjects, async (call) => {
      const { type } = call.body.subject;
      const found = await search(
        searching,
        searchOf('subject', call, {
          ...call.body,
          subject: { ...call.body.subject, id: '' },
        }),
      );
      const results = found.results.map(({ id, sessionId }) => ({
        type,
        id,
        ...(sessionId && { properties: { session_id: sessionId } }),
      }));
      return { results, page: found.page };
    }),
    handle(searchResources, async (call) => {
      const { type } = call.body.resource;
      const found = await search(
        searching,
        searchOf('resource', call, {
          ...call.body,
          resource: { ...call.body.resource, id: '' },
        }),
      );
      return { results: found.results.map(({ id }) => ({ type, id })), page: found.page };
    }),
    handle(searchActions, async (call) => {
      const asked = { ...call.body, action: { name: '' } };
      const found = await search(searching, searchOf('action', call, asked));
      return { results: found.results.map(({ id }) => ({ name: id })), page: found.page };
    }),
    handle(authzenConfiguration, () => describePdp(context.staffOrigin, keys)),
  ];
}

type SearchCall = Pick<Call<typeof searchSubjects>, 'caller' | 'decision'>;

function searchOf(
  kind: Search['kind'],
  { caller, decision }: SearchCall,
  body: Search['asked'] & { readonly page?: Search['page'] | undefined },
): Search {
  const { subject, action, resource, context, page = {} } = body;
  return {
    kind,
    caller: { subjectId: caller.subjectId, evidenceId: decision.evidenceId },
    asked: { subject, action, resource, ...(context && { context }) },
    page,
  };
}

function readWhole(body: object): Evaluation {
  const parsed = Evaluation.safeParse(body);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 5).map(({ path, message }) => {
    return `${path.join('.')}: ${message}`;
  });
  throw new ProblemError('request.malformed', { detail: `In the body: ${fields.join('; ')}` });
}
