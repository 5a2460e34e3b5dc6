import { canonicalJson } from '@proofline/kernel';
import {
  diffInvariants,
  diffPolicies as diff,
  diffTexts,
  type DecisionCase,
  type Invariant,
} from '@proofline/policy';
import {
  checkPolicies,
  decisionsOfPolicy,
  diffPolicies,
  handle,
  listReleases,
  promoteCandidate,
  proposePolicies,
  readPolicySet,
  rollBackPolicies,
  vouchForCandidate,
  withdrawCandidate,
  ProblemError,
  type MountedRoute,
} from '@proofline/protocol';
import type { z } from 'zod';
import type { DecisionsContext } from '../../context.ts';
import type { CurrentRelease } from '../domain/current-release.ts';
import { checkPolicies as check } from '../commands/check-policies.ts';
import { findPolicySet, pathsOf } from '../commands/find-policy-set.ts';
import { promoteCandidate as promote } from '../commands/promote-candidate.ts';
import { proposePolicies as propose } from '../commands/propose-policies.ts';
import { rollBack } from '../commands/roll-back.ts';
import { vouchForCandidate as vouch } from '../commands/vouch-for-candidate.ts';
import { withdrawCandidate as withdraw } from '../commands/withdraw-candidate.ts';
import { listCandidates } from '../store/candidate-rows.ts';
import { runningStage, settingOf } from '../stages/stage-rows.ts';
import { listDecisionsOfPolicy } from '../store/decisions-of-policy.ts';
import { findRelease, listReleaseHeads } from '../store/release-rows.ts';
import { describeCandidate, describeRelease } from './describe-release.ts';

/** As many of each as the page shows. */
const LISTED_MAX = 50;

/** Releases and candidates: list, read, compare, propose, promote, roll back. */
export function releaseRoutes(context: DecisionsContext): MountedRoute[] {
  const { storage, tenant } = context;
  return [
    handle(listReleases, async ({ caller }) => {
      const [heads, candidates, stage] = await Promise.all([
        listReleaseHeads(storage.db, tenant, LISTED_MAX),
        listCandidates(storage.db, tenant, { count: LISTED_MAX }),
        runningStage(storage.db, tenant),
      ]);
      const isStaged = stage && stage.until.getTime() > context.clock.now();
      const { fault } = context.releases;
      return {
        releases: await Promise.all(heads.map((row) => describeRelease(context, row))),
        candidates: await Promise.all(
          candidates.map((row) => describeCandidate(context, row, caller.subjectId)),
        ),
        ...(isStaged && { stage: settingOf(stage) }),
        ...(fault !== undefined && { fault }),
      };
    }),
    handle(readPolicySet, async ({ caller, params }) => {
      const { set, outcome, text, cases, release, candidate } = await findPolicySet(
        context,
        params.setId,
      );
      const paths = pathsOf(text);
      return {
        digest: set.digest,
        ...(release && { release: await describeRelease(context, release) }),
        ...(candidate && {
          candidate: await describeCandidate(context, candidate, caller.subjectId),
        }),
        schema: text.schema,
        files: text.policies.map(({ path, text: file }) => ({ path, text: file })),
        policies: [...set.policies.values()].map(({ id, layer, effect, reason, cedar }) => {
          return { id, layer, effect, text: reason, cedar, path: paths.get(id) ?? '' };
        }),
        cases: cases.map((one) => ({
          name: one.name,
          because: one.because,
          policies: one.expect.policies,
          content: contentOf(one),
        })),
        invariants: set.invariants.map((one) => ({
          name: one.name,
          says: one.says,
          because: one.because,
          content: contentOf(one),
        })),
        outcome,
      };
    }),
    handle(diffPolicies, async ({ query }) => {
      const [from, to] = await Promise.all([
        findPolicySet(context, query.from),
        findPolicySet(context, query.to),
      ]);
      const casesOf = (cases: readonly DecisionCase[]) =>
        new Map(cases.map((one) => [one.name, canonicalJson(contentOf(one))]));
      return {
        schemaChanged: from.text.schema !== to.text.schema,
        policies: diff(from.set, to.set).map((one) => ({ ...one })),
        cases: diffTexts(casesOf(from.cases), casesOf(to.cases)).map(({ name, change }) => {
          return { name, change };
        }),
        invariants: diffInvariants(from.set.invariants, to.set.invariants).map((one) => ({
          ...one,
        })),
      };
    }),
    handle(decisionsOfPolicy, async ({ query }) => ({
      decisions: await listDecisionsOfPolicy(storage.db, tenant, query.policy),
    })),
    ...changingRoutes(context),
  ];
}

function changingRoutes(context: DecisionsContext): MountedRoute[] {
  return [
    handle(proposePolicies, async ({ caller, body, decision }) => {
      const row = await propose(context, {
        proposedBy: caller.subjectId,
        text: { schema: body.schema, policies: body.files },
        cases: body.cases,
        invariants: body.invariants,
        note: body.note,
        on: body.on,
        causes: [decision.evidenceId],
      });
      return describeCandidate(context, row, caller.subjectId);
    }),
    handle(checkPolicies, async ({ body }) =>
      check(context, {
        text: { schema: body.schema, policies: body.files },
        cases: body.cases,
        invariants: body.invariants,
      }),
    ),
    handle(withdrawCandidate, async ({ caller, params, decision }) => {
      const row = await withdraw(context, {
        actor: caller.subjectId,
        candidateId: params.candidateId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeCandidate(context, row, caller.subjectId);
    }),
    handle(vouchForCandidate, async ({ caller, params, body, decision }) => {
      const row = await vouch(context, {
        actor: caller.subjectId,
        candidateId: params.candidateId,
        digest: body.digest,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeCandidate(context, row, caller.subjectId);
    }),
    handle(promoteCandidate, async ({ caller, params, body, decision }) =>
      describeWritten(
        context,
        await promote(context, {
          actor: caller.subjectId,
          candidateId: params.candidateId,
          ...body,
          decisionEvidenceId: decision.evidenceId,
        }),
      ),
    ),
    handle(rollBackPolicies, async ({ caller, body, decision }) =>
      describeWritten(
        context,
        await rollBack(context, {
          actor: caller.subjectId,
          ...body,
          decisionEvidenceId: decision.evidenceId,
        }),
      ),
    ),
  ];
}

async function describeWritten(context: DecisionsContext, { ref }: CurrentRelease) {
  const row = await findRelease(context.storage.db, context.tenant, ref.sequence);
  if (!row) throw new ProblemError('policy.unknown');
  return describeRelease(context, row);
}

type CaseContent = z.output<typeof readPolicySet.reply>['cases'][number]['content'];

/** The case, or the invariant, as a file has it. */
function contentOf(one: DecisionCase | Invariant): CaseContent {
  // What `JSON.parse` answers is JSON; the pass through text drops members that are `undefined`.
  return JSON.parse(JSON.stringify(one)) as CaseContent;
}
