import { isId, type Id } from '@proofline/kernel';
import {
  proposeFromPipeline,
  readPipelineCandidate,
  type PipelineCandidate,
} from '@proofline/protocol';
import { z } from 'zod';
import { exitCodes, type ExitCode, type Io } from '../verb.ts';
import { faultLine, readPolicyFolder, type PolicyFolder } from '../verbs/policy-folder.ts';
import type { CallRoute } from './call-route.ts';

/** The candidate that is meant, or what to hand in as one. */
export type Target = { readonly candidateId: Id<'pcd'> } | { readonly folder: PolicyFolder };

/**
 * Reads what a verb was told: a candidate’s id, or a folder. Says what is wrong with a folder and
 * answers the code to end with then; nothing of it is sent.
 */
export async function readTarget(text: string, io: Io): Promise<Target | ExitCode> {
  if (isId('pcd', text)) return { candidateId: text };
  const folder = await readPolicyFolder(text, io);
  if (folder === undefined) return exitCodes.usage;
  for (const fault of folder.faults) io.say(faultLine(fault));
  return folder.faults.length === 0 ? { folder } : exitCodes.wrong;
}

/** Reads the candidate, or proposes the folder; the same content twice is one candidate. */
export async function findCandidate(
  call: CallRoute,
  target: Target,
  note = '',
): Promise<PipelineCandidate> {
  if ('candidateId' in target) return call(readPipelineCandidate, { params: target });
  const { text, cases } = target.folder;
  return call(proposeFromPipeline, {
    body: {
      schema: text.schema,
      files: text.policies.map((file) => ({ path: file.path, text: file.text })),
      cases: cases.map(asJson),
      invariants: text.invariants.map(asJson),
      note,
    },
  });
}

/** What was read from a JSON file is JSON; members that are `undefined` are left out. */
function asJson(one: object) {
  return z.json().parse(JSON.parse(JSON.stringify(one)));
}

const POLL_MS = 500;
const PROOF_MAX_MS = 120_000;

/** The candidate once its invariants are proved or not, or as it stands after two minutes. */
export async function whenProved(
  call: CallRoute,
  candidate: PipelineCandidate,
  io: Io,
): Promise<PipelineCandidate> {
  const { candidateId } = candidate;
  let newest = candidate;
  for (let waitedMs = 0; waitedMs < PROOF_MAX_MS; waitedMs += POLL_MS) {
    if (newest.state !== 'open' || newest.proof.state !== 'running') return newest;
    await io.pause(POLL_MS);
    newest = await call(readPipelineCandidate, { params: { candidateId } });
  }
  return newest;
}
