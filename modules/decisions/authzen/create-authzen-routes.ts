import {
  authzenConfiguration,
  evaluate,
  evaluateAll,
  Evaluation,
  handle,
  handleWithPermit,
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
import { underPermit } from '../commands/require-for.ts';
import type { DecisionsContext } from '../context.ts';
import type { DecisionInput } from '../types.ts';
import { answerOf } from './answer-of.ts';
import type { DenialBindings } from './denial-bindings.ts';
import { evaluateBatch } from './evaluate-batch.ts';
import { describePdp } from './metadata.ts';
import { createPageTokens } from './page-tokens.ts';
import { inputOf } from './read-evaluation.ts';
import { reviewApproval } from './review-approval.ts';
import { search, type FoundOne, type Search } from './search.ts';
import type { TokenKeys } from './token-keys.ts';

/** OpenID AuthZEN Authorization API 1.0 and its profiles, at this PDP. */
export function createAuthzenRoutes(
  context: DecisionsContext,
  { keys, bindings }: { readonly keys: TokenKeys; readonly bindings: DenialBindings },
): MountedRoute[] {
  const answer = async (decision: Decision, input: DecisionInput): Promise<EvaluationAnswer> => {
    const offered = await bindings.offer(decision, input);
    return answerOf(decision, {
      supported: input.supportedObligations,
      accessRequest: offered,
      reviewed: await reviewApproval(context, input, { decision, offered }),
    });
  };
  const counted = (permit: unknown): DecisionsContext => ({
    ...underPermit(context, permit),
    counts: true,
  });
  const one = async (evaluation: Evaluation, permit: unknown) => {
    const input = inputOf(evaluation);
    return answer(await decide(counted(permit), input), input);
  };
  const searching = { ...context, pageTokens: createPageTokens(keys, context.clock) };
  return [
    handleWithPermit(evaluate, ({ body, permit }) => one(body, permit)),
    handleWithPermit(evaluateAll, async ({ body, permit }) => {
      // §7.1: without questions of its own, the request is one question.
      if (!body.evaluations?.length) return one(readWhole(body), permit);
      return { evaluations: await evaluateBatch(counted(permit), body, answer) };
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
      const results = found.results.map((result) => ({
        type,
        id: result.id,
        ...(result.sessionId && { properties: { session_id: result.sessionId } }),
        ...obliging(result),
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
      const results = found.results.map(({ id, ...more }) => ({ type, id, ...obliging(more) }));
      return { results, page: found.page };
    }),
    handle(searchActions, async (call) => {
      const asked = { ...call.body, action: { name: '' } };
      const found = await search(searching, searchOf('action', call, asked));
      const results = found.results.map(({ id, ...more }) => ({ name: id, ...obliging(more) }));
      return { results, page: found.page };
    }),
    handle(authzenConfiguration, () => {
      const takesRequests = context.accessRequests() !== undefined;
      return describePdp(context.staffOrigin, { keys, takesRequests });
    }),
  ];
}

/** Only a result that obliges to something says so. */
const obliging = ({ obligations }: Pick<FoundOne, 'obligations'>) =>
  obligations.length > 0 ? { obligations: [...obligations] } : {};

type SearchCall = Pick<Call<typeof searchSubjects>, 'caller' | 'decision'>;

type Named<E> = Omit<E, 'id'> & { readonly id: string | number };
interface SearchBody extends Pick<Search['asked'], 'action' | 'context'> {
  readonly subject: Named<Search['asked']['subject']>;
  readonly resource: Named<Search['asked']['resource']>;
  readonly page?: Search['page'] | undefined;
}

function searchOf(
  kind: Search['kind'],
  { caller, decision }: SearchCall,
  body: SearchBody,
): Search {
  const { action, context, page = {} } = body;
  const subject = { ...body.subject, id: String(body.subject.id) };
  const resource = { ...body.resource, id: String(body.resource.id) };
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
