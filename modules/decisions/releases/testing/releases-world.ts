import { isId, newId, type Id } from '@proofline/kernel';
import type { DecisionCase, ReleaseText } from '@proofline/policy';
import type {
  CandidateSummary,
  CaseOutcome,
  Dropping,
  MountedRoute,
  PolicyDifferences,
  ReleaseSummary,
  Replay,
  StageAudience,
  StageSummary,
} from '@proofline/protocol';
import {
  productCases,
  productPolicies,
} from '../../../../packages/policy/testing/product-policies.ts';
import { createDecisions } from '../../index.ts';
import { decisionsWorld } from '../../testing/index.ts';

/** What somebody names who has read what is shown of a candidate. */
const seenOf = ({ drops: { cases, invariants } }: Pick<CandidateSummary, 'drops'>): Dropping => {
  return { cases: cases.count, invariants: invariants.length };
};

interface Act {
  readonly actor?: Id<'stf'>;
  readonly liveSequence?: number;
  readonly dropping?: Dropping;
}

interface StageWish extends Partial<StageAudience> {
  readonly hours?: number;
  readonly seen?: Pick<StageSummary, 'stageId' | 'revision'>;
}

interface Node {
  readonly text?: ReleaseText;
  readonly cases?: readonly DecisionCase[];
  readonly mode?: 'candidate' | 'release-at-start';
  readonly seeds?: readonly Uint8Array[];
}

type Actor = Id<'stf'> | Id<'svc'>;

type Call = <T>(routeId: string, given: object, actor?: Actor) => Promise<T>;

/** What a program proposes, who answers for it, and how one is closed. */
function further(
  call: Call,
  list: () => Promise<{ candidates: CandidateSummary[] }>,
  author: Id<'stf'>,
) {
  return {
    /** Answers like `propose`. */
    async proposeAs(by: Id<'svc'>, { schema, policies, invariants = [] }: ReleaseText) {
      const set = { schema, files: policies, cases: productCases(), invariants };
      const body = { ...set, note: 'A test.' };
      const handed = await call<{ candidateId: string }>('pipeline.propose', { body }, by);
      const { candidates } = await list();
      return candidates.find(({ candidateId }) => candidateId === handed.candidateId)!;
    },
    vouch: (
      { candidateId, digest }: Pick<CandidateSummary, 'candidateId' | 'digest'>,
      { actor = author }: Pick<Act, 'actor'> = {},
    ) =>
      call<CandidateSummary>(
        'policies.vouch',
        { params: { candidateId }, body: { digest } },
        actor,
      ),
    withdraw: (candidateId: Id<'pcd'>) =>
      call<CandidateSummary>('policies.withdraw', { params: { candidateId } }),
    rollBack: (body: { sequence: number; liveSequence: number }) =>
      call<ReleaseSummary>('policies.rollback', { body: { ...body, reason: 'It was wrong.' } }),
    endStage: (stageId: Id<'stg'>, actor: Id<'stf'> = author) =>
      call('policies.end-stage', { params: { stageId }, body: { reason: 'A test.' } }, actor),
  };
}

/** The module with the product’s policies as release 1, two security administrators, and further nodes. */
export async function releasesWorld() {
  const world = await decisionsWorld({ cases: productCases() });
  const { decisions, known } = world;
  const author = newId('stf', world);
  const other = newId('stf', world);
  const pipeline = newId('svc', world);
  const faults: string[] = [];

  const call = async <T>(routeId: string, given: object, actor: Actor = author): Promise<T> => {
    const mounted: MountedRoute | undefined = decisions.routes.find(
      ({ route }) => route.id === routeId,
    );
    if (!mounted) throw new Error(`no route ${routeId}`);
    const caller = { kind: isId('svc', actor) ? 'service' : 'staff', subjectId: actor };
    const decision = { evidenceId: newId('evt', world) };
    // The edge checks what it passes and what comes back; here the test does.
    return (await mounted.handler({ caller, decision, ...given } as never)) as T;
  };

  const list = () =>
    call<{ releases: ReleaseSummary[]; candidates: CandidateSummary[] }>('policies.releases', {});
  /** On a busy machine a proof takes longer than a promotion waits for it. */
  const proved = async (candidateId: string): Promise<void> => {
    for (;;) {
      const one = (await list()).candidates.find((found) => found.candidateId === candidateId);
      if (one?.proof.state !== 'running') return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  return {
    ...world,
    author,
    other,
    pipeline,
    faults,
    call,
    list,
    proved,
    propose: (text: ReleaseText, cases: readonly unknown[] = productCases()) =>
      call<CandidateSummary & { outcome: CaseOutcome }>('policies.propose', {
        body: {
          schema: text.schema,
          files: text.policies,
          cases,
          invariants: text.invariants ?? [],
          note: 'A test.',
        },
      }),
    ...further(call, list, author),
    promote: (
      { candidateId, digest, drops }: CandidateSummary,
      { actor = other, liveSequence = 1, dropping = seenOf({ drops }) }: Act = {},
    ) =>
      call<ReleaseSummary>(
        'policies.promote',
        { params: { candidateId }, body: { digest, liveSequence, dropping } },
        actor,
      ),
    shadow: (candidateId: Id<'pcd'>, hours: number) =>
      call<CandidateSummary>('policies.shadow', { params: { candidateId }, body: { hours } }),
    differences: (candidateId: Id<'pcd'>, query: { replay?: Id<'rpl'> } = {}) =>
      call<PolicyDifferences>('policies.differences', { params: { candidateId }, query }),
    /** Replays the last hour and waits until it is over. */
    async replay(candidateId: Id<'pcd'>): Promise<Replay> {
      const params = { candidateId };
      await call('policies.replay', { params, body: { hours: 1 } });
      for (;;) {
        const { replays } = await call<{ replays: Replay[] }>('policies.replays', { params });
        const [newest] = replays;
        if (newest && newest.state !== 'running') return newest;
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    stage: (
      { candidateId, digest, drops }: CandidateSummary,
      {
        actor = other,
        hours = 1,
        liveSequence = 1,
        dropping = seenOf({ drops }),
        seen,
        ...audience
      }: Act & StageWish = {},
    ) =>
      call<StageSummary>(
        'policies.stage-candidate',
        {
          params: { candidateId },
          body: {
            digest,
            liveSequence,
            dropping,
            ...(seen && { seen: { stageId: seen.stageId, revision: seen.revision } }),
            hours,
            audience: { desks: audience.desks ?? [], percent: audience.percent ?? 100 },
          },
        },
        actor,
      ),
    /** Another process on the same database, started with a folder. */
    async secondNode({ text, cases, mode, seeds }: Node = {}) {
      const node = createDecisions({
        ...world.deps,
        ...(seeds && { policySeeds: seeds }),
        onReleaseFault: (fault) => faults.push(fault),
      });
      for (const name of Object.keys(known)) {
        node.registerFacts({ name, gather: async () => known[name] });
      }
      await node.open({
        text: text ?? productPolicies(),
        cases: cases ?? productCases(),
        mode: mode ?? 'candidate',
      });
      return node;
    },
  };
}
