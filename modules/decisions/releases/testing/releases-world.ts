import { isId, newId, type Id } from '@proofline/kernel';
import type { DecisionCase, ReleaseText } from '@proofline/policy';
import type { Invariant } from '@proofline/policy-prover';
import type {
  CandidateSummary,
  CaseOutcome,
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
import { createDecisions, type Decisions } from '../../index.ts';
import { decisionsWorld } from '../../testing/index.ts';

interface Node {
  readonly text?: ReleaseText;
  readonly cases?: readonly DecisionCase[];
  readonly mode?: 'candidate' | 'release-at-start';
  readonly seeds?: readonly Uint8Array[];
  readonly invariants?: readonly Invariant[];
}

type Actor = Id<'stf'> | Id<'svc'>;

/** The module with the product’s policies as release 1, two security administrators, and further nodes. */
export async function releasesWorld() {
  const world = await decisionsWorld({ cases: productCases() });
  const { decisions, known } = world;
  const author = newId('stf', world);
  const other = newId('stf', world);
  const faults: string[] = [];

  const callOn = async <T>(
    node: Decisions,
    routeId: string,
    { actor, ...given }: { readonly actor: Actor } & object,
  ): Promise<T> => {
    const mounted: MountedRoute | undefined = node.routes.find(({ route }) => route.id === routeId);
    if (!mounted) throw new Error(`no route ${routeId}`);
    const caller = { kind: isId('svc', actor) ? 'service' : 'staff', subjectId: actor };
    const decision = { evidenceId: newId('evt', world) };
    // The edge checks what it passes and what comes back; here the test does.
    return (await mounted.handler({ caller, decision, ...given } as never)) as T;
  };

  const call = <T>(routeId: string, given: object, actor: Actor = author): Promise<T> =>
    callOn(decisions, routeId, { ...given, actor });

  return {
    ...world,
    callOn,
    author,
    other,
    faults,
    call,
    list: () =>
      call<{ releases: ReleaseSummary[]; candidates: CandidateSummary[] }>('policies.releases', {}),
    propose: (text: ReleaseText, cases: readonly unknown[] = productCases()) =>
      call<CandidateSummary & { outcome: CaseOutcome }>('policies.propose', {
        body: { schema: text.schema, files: text.policies, cases, note: 'A test.' },
      }),
    promote: (
      { candidateId, digest }: CandidateSummary,
      { actor = other, liveSequence = 1 }: { actor?: Id<'stf'>; liveSequence?: number } = {},
    ) =>
      call<ReleaseSummary>(
        'policies.promote',
        { params: { candidateId }, body: { digest, liveSequence } },
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
      { candidateId, digest }: CandidateSummary,
      {
        actor = other,
        hours = 1,
        liveSequence = 1,
        ...audience
      }: Partial<StageAudience> & {
        actor?: Id<'stf'>;
        hours?: number;
        liveSequence?: number;
      } = {},
    ) =>
      call<StageSummary>(
        'policies.stage-candidate',
        {
          params: { candidateId },
          body: {
            digest,
            liveSequence,
            hours,
            audience: { desks: audience.desks ?? [], percent: audience.percent ?? 100 },
          },
        },
        actor,
      ),
    endStage: (stageId: Id<'stg'>, actor: Id<'stf'> = author) =>
      call('policies.end-stage', { params: { stageId }, body: { reason: 'A test.' } }, actor),
    rollBack: (body: { sequence: number; liveSequence: number }) =>
      call<ReleaseSummary>('policies.rollback', { body: { ...body, reason: 'It was wrong.' } }),
    /** Another process on the same database, started with a folder. */
    async secondNode({ text, cases, mode, seeds, invariants }: Node = {}) {
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
        ...(invariants && { invariants }),
      });
      return node;
    },
  };
}
