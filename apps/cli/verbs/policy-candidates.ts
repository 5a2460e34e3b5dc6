import {
  listPipelineReplays,
  readPipelineDifferences,
  replayFromPipeline,
  shadowFromPipeline,
  type PipelineCandidate,
  type Replay,
} from '@proofline/protocol';
import { asPipeline } from '../server/as-pipeline.ts';
import { NotDone, type CallRoute } from '../server/call-route.ts';
import { findCandidate, readTarget, whenProved } from '../server/find-candidate.ts';
import type { Environment } from '../server/pipeline-settings.ts';
import { readWords, type Words } from '../server/read-words.ts';
import { tellCandidate } from '../server/tell-candidate.ts';
import { changesAnswers, tellDifferences } from '../server/tell-differences.ts';
import { exitCodes, sayJson, type ExitCode, type Io, type Verb } from '../verb.ts';

interface Doing {
  readonly call: CallRoute;
  readonly candidate: PipelineCandidate;
  readonly words: Words;
  readonly io: Io;
}

/** One verb about a candidate at a server, done with a pipeline’s key. */
interface CandidateVerb {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: Parameters<typeof readWords>[1];
  act(doing: Doing): Promise<ExitCode>;
}

const TARGET = 'FOLDER|CANDIDATE';

const candidateVerbs: readonly CandidateVerb[] = [
  {
    name: 'policy propose',
    usage: 'FOLDER [--note TEXT] [--json]',
    summary: 'Proposes a folder to a server, and says whether a person could make it live.',
    options: { options: ['note'] },
    act: tellStanding,
  },
  {
    name: 'policy status',
    usage: `${TARGET} [--json]`,
    summary: 'Says how a candidate stands: cases, invariants, and what its shadow saw.',
    options: { options: [] },
    async act(doing) {
      const code = await tellStanding(doing);
      if (doing.words.isJson || doing.candidate.shadow.compared === 0) return code;
      const { candidateId } = doing.candidate;
      const params = { candidateId };
      tellDifferences(await doing.call(readPipelineDifferences, { params, query: {} }), doing.io);
      return code;
    },
  },
  {
    name: 'policy shadow',
    usage: `${TARGET} [--hours N] [--json]`,
    summary: 'Lets a candidate decide beside the live policies, without effect. --hours 0 ends it.',
    options: { options: ['hours'], hours: { least: 0, most: 720 } },
    async act({ call, candidate, words, io }) {
      const { candidateId } = candidate;
      const shadowed = await call(shadowFromPipeline, {
        params: { candidateId },
        body: { hours: words.hours },
      });
      return say(shadowed, { words, io });
    },
  },
  {
    name: 'policy replay',
    usage: `${TARGET} [--hours N] [--strict] [--json]`,
    summary:
      'Derives recorded decisions again under a candidate. --strict: 1 when an answer would differ.',
    options: { options: ['hours', 'strict'], hours: { least: 1, most: 8_784 } },
    act: replay,
  },
];

/** What a pipeline does at a server: it proposes, tries out and reads. People make live. */
export function policyCandidates(environment: Environment): readonly Verb[] {
  return candidateVerbs.map(({ name, usage, summary, options, act }) => ({
    name,
    usage,
    summary,
    async run(parameters, io) {
      const words = readWords(parameters, options);
      if (words === undefined) {
        io.complain(`Usage: proofline ${name} ${usage}`);
        return exitCodes.usage;
      }
      const target = await readTarget(words.target, io);
      if (typeof target === 'number') return target;
      return asPipeline({ environment, io }, async (call) => {
        const candidate = await findCandidate(call, target, words.note);
        return act({ call, candidate, words, io });
      });
    },
  }));
}

async function tellStanding({ call, candidate, words, io }: Doing): Promise<ExitCode> {
  return say(await whenProved(call, candidate, io), { words, io });
}

/** Tells a candidate, or prints it as it came. The code is the same. */
function say(
  candidate: PipelineCandidate,
  { words, io }: { readonly words: Words; readonly io: Io },
): ExitCode {
  if (!words.isJson) return tellCandidate(candidate, io);
  sayJson(candidate, io);
  return tellCandidate(candidate, { ...io, say: () => undefined });
}

const POLL_MS = 500;
const REPLAY_MAX_MS = 15 * 60_000;

async function replay({ call, candidate, words, io }: Doing): Promise<ExitCode> {
  const params = { candidateId: candidate.candidateId };
  const begun = await call(replayFromPipeline, { params, body: { hours: words.hours } });
  const over = await whenOver(begun, { call, io });
  const differences = await call(readPipelineDifferences, {
    params,
    query: { replay: over.replayId },
  });
  const isRight = over.state === 'finished' && over.notReproduced.length === 0;
  const isRefused = words.isStrict && changesAnswers(differences);
  const code = isRight && !isRefused ? exitCodes.ok : exitCodes.wrong;
  if (words.isJson) {
    sayJson({ replay: over, differences }, io);
    return code;
  }
  io.say(`Candidate   ${candidate.candidateId}`);
  io.say(`Replay      ${over.replayId}: ${over.total} decisions of the last ${words.hours} hours`);
  io.say(
    `            ${over.reproduced} came out as they were answered, ${over.notDerivable} cannot be derived`,
  );
  for (const id of over.notReproduced) io.say(`WRONG  ${id} does not come out as it was answered`);
  if (over.state !== 'finished') io.say(`The replay is ${over.state}; what follows is not all.`);
  tellDifferences(differences, io);
  if (isRefused) io.say('With --strict no answer may differ.');
  return code;
}

async function whenOver(
  begun: Replay,
  { call, io }: { readonly call: CallRoute; readonly io: Io },
): Promise<Replay> {
  const { candidateId, replayId } = begun;
  let newest = begun;
  for (let waitedMs = 0; waitedMs < REPLAY_MAX_MS; waitedMs += POLL_MS) {
    if (newest.state !== 'running') return newest;
    await io.pause(POLL_MS);
    const { replays } = await call(listPipelineReplays, { params: { candidateId } });
    const found = replays.find((one) => one.replayId === replayId);
    if (found === undefined) throw new NotDone('The replay is not there any more.');
    newest = found;
  }
  throw new NotDone(`The replay ${replayId} still runs after a quarter of an hour.`);
}
