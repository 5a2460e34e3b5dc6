import type { Id, JsonObject } from '@proofline/kernel';
import {
  actionNames,
  authzenLimits,
  routes,
  type AuthzenObligation,
  type Evaluation,
} from '@proofline/protocol';
import { prepare } from '../commands/prepare.ts';
import { gatherEachOnce } from '../commands/decide-all.ts';
import type { DecisionsContext } from '../context.ts';
import type { CurrentRelease } from '../releases/domain/current-release.ts';
import { mapInOrder } from '../domain/map-in-order.ts';
import { programsInClear } from '../domain/programs-of.ts';
import type { ReleaseView } from '../releases/stages/release-view.ts';
import type { DecisionInput, Facts } from '../types.ts';
import { obligationsOfPermit } from './answer-of.ts';
import { enumeratorOf, type Candidate, type Enumerator } from './enumerator.ts';
import type { PageTokens } from './page-tokens.ts';
import { inputOf } from './read-evaluation.ts';

/** How many candidates one page looks at, whatever comes of them. */
const CANDIDATES_MAX = 200;
const DECIDING_MAX = 8;

/** What is searched for, and by whom. */
export interface Search {
  readonly kind: 'subject' | 'resource' | 'action';
  readonly caller: { readonly subjectId: string; readonly evidenceId: Id<'evt'> };
  /** The question, with whatever stands in the place that is searched for. */
  readonly asked: Pick<Evaluation, 'subject' | 'action' | 'resource' | 'context'>;
  readonly page: { readonly token?: string | undefined; readonly limit?: number | undefined };
}

/** A candidate that is permitted, and what must be done with it (AuthZEN Obligations profile). */
export interface FoundOne extends Candidate {
  readonly obligations: readonly AuthzenObligation[];
}

interface Found {
  readonly results: readonly FoundOne[];
  readonly page: { readonly next_token: string; readonly count: number };
}

/**
 * What of the candidates the policies permit now (AuthZEN 1.0 §8): each is decided as an evaluation of
 * it would be, so that what is found is permitted when it is asked for. Nothing is used up.
 *
 * What is not permitted and what there is not look the same: neither is among the results, and how
 * many were looked at is not told (P9). That a search was made, and what for, is an evidence entry.
 */
export async function search(
  context: DecisionsContext & { readonly pageTokens: PageTokens },
  { kind, caller, asked, page }: Search,
): Promise<Found> {
  const view = context.view();
  const current = view.live;
  const query = queryOf({ kind, caller, asked });
  const after =
    page.token === undefined || page.token === ''
      ? undefined
      : await context.pageTokens.read(query, page.token);
  const candidates =
    (await enumeratorFor(context, current, { kind, asked })?.list({
      after,
      limit: CANDIDATES_MAX,
    })) ?? [];
  const limit = Math.min(page.limit ?? 50, authzenLimits.searchPageMaxItems);
  const { chain, permitOf } = permitFinder(context, view, { kind, asked });
  const { results, considered, looked } = await pick(candidates, limit, permitOf);
  const outcome = { view, results, looked, chain: chain() };
  await recordSearch(context, { kind, caller, asked, page }, outcome);

  const last = candidates[considered - 1];
  const isOver = considered === candidates.length && candidates.length < CANDIDATES_MAX;
  const next = isOver || !last ? '' : await context.pageTokens.make(query, last.id);
  return { results, page: { next_token: next, count: results.length } };
}

interface Picked {
  readonly results: readonly FoundOne[];
  /** How many candidates this page is done with: the next one begins behind them. */
  readonly considered: number;
  readonly looked: number;
}

/**
 * Takes candidates in their order until the page is full and one more is known to be there: a token
 * is given only where something may still come (§8.2.2).
 */
async function pick(
  candidates: readonly Candidate[],
  limit: number,
  permitOf: (candidate: Candidate) => Promise<FoundOne | undefined>,
): Promise<Picked> {
  const results: FoundOne[] = [];
  let looked = 0;
  let atLast = 0;
  while (looked < candidates.length) {
    const some = candidates.slice(looked, looked + DECIDING_MAX);
    const permits = await mapInOrder(some, DECIDING_MAX, permitOf);
    for (const permit of permits) {
      looked += 1;
      if (!permit) continue;
      if (results.length === limit) return { results, considered: atLast, looked };
      results.push(permit);
      atLast = looked;
    }
  }
  return { results, considered: looked, looked };
}

type About = Pick<Search, 'kind' | 'asked'>;

function permitFinder(context: DecisionsContext, view: ReleaseView<CurrentRelease>, about: About) {
  const gather = gatherEachOnce(context);
  let chain: Facts | undefined;
  const permitOf = async (candidate: Candidate): Promise<FoundOne | undefined> => {
    const input = inputFor(candidate, about);
    const gathered = await gather(input);
    // Among subjects, only of the one whose grant it is do the facts vouch for who acts.
    if (chain?.subjects === undefined) chain = gathered.known.get('chain') ?? chain;
    const { evaluated } = prepare(view, input, gathered);
    return evaluated.outcome.effect === 'permit'
      ? { ...candidate, obligations: obligationsOfPermit(evaluated.obligations) }
      : undefined;
  };
  return { permitOf, chain: () => chain };
}

function inputFor({ id, sessionId }: Candidate, { kind, asked }: About): DecisionInput {
  if (kind === 'action') return inputOf({ ...asked, action: { name: id } });
  const input = inputOf({ ...asked, [kind]: { ...asked[kind], id } });
  return kind === 'subject' && sessionId && !input.sessionId ? { ...input, sessionId } : input;
}

/** Types of which there is one thing only, that stands for all: `Workforce`, `Policies`, … */
const wholes: ReadonlySet<string> = new Set(
  routes.flatMap(({ resource }) =>
    resource !== undefined && resource.param === undefined ? [resource.type] : [],
  ),
);

function enumeratorFor(
  { enumerators }: DecisionsContext,
  { set }: CurrentRelease,
  { kind, asked }: About,
): Enumerator | undefined {
  if (kind === 'action')
    return enumeratorOf('Action', [...new Set([...actionNames, ...set.shapes.actions])]);
  const { type } = asked[kind];
  const listed = set.shapes.idsOf(type);
  if (listed !== undefined) return enumeratorOf(type, listed);
  return enumerators.get(type) ?? (wholes.has(type) ? enumeratorOf(type, ['*']) : undefined);
}

/** A token continues this search alone: another question or another caller needs one of its own. */
function queryOf({ kind, caller, asked }: Omit<Search, 'page'>): JsonObject {
  // What zod read as JSON is JSON; its type is merely spelled differently.
  return JSON.parse(JSON.stringify({ kind, caller: caller.subjectId, asked })) as JsonObject;
}

interface Outcome {
  readonly view: ReleaseView<CurrentRelease>;
  readonly results: readonly FoundOne[];
  readonly looked: number;
  /** Who acted for whoever it was asked for. */
  readonly chain: Facts | undefined;
}

async function recordSearch(
  { storage, ledger }: DecisionsContext,
  { kind, caller, asked }: Search,
  { view: { live, stage }, results, looked, chain }: Outcome,
): Promise<void> {
  const programs = programsInClear(chain);
  const { grant_id: grantId } = asked.context ?? {};
  const isKnown = kind === 'action' || live.set.shapes.has(asked.action.name);
  await storage.transaction((tx) =>
    ledger.record(tx, {
      kind: 'decision.searched',
      causes: [caller.evidenceId],
      ...(grantId && { refs: { grantId } }),
      subjects: {
        ...chain?.subjects,
        actor: caller.subjectId,
        ...(kind !== 'subject' && { searched: asked.subject.id }),
      },
      facts: {
        search: kind,
        // A name that the schema does not know may be anything: it is not said in clear.
        ...(kind !== 'action' && { action: isKnown ? asked.action.name : 'unknown' }),
        ...(programs.length > 0 && { programs: [...programs] }),
        considered: looked,
        found: results.length,
        release: { ...live.ref },
        ...(stage && { stageId: stage.stageId }),
      },
    }),
  );
}
