import type { PipelineCandidate } from '@proofline/protocol';
import { exitCodes, type ExitCode, type Io } from '../verb.ts';

/** As many failing cases and broken invariants are told whole. */
const TOLD_MAX = 20;

/**
 * Says how a candidate stands. 0 when a person could make it live as it is, 1 when not.
 */
export function tellCandidate(candidate: PipelineCandidate, io: Io): ExitCode {
  const { state, isCurrent, outcome, proof, note } = candidate;
  io.say(`Candidate   ${candidate.candidateId}`);
  io.say(`Digest      ${candidate.digest}`);
  if (note !== '') io.say(`For         ${note}`);
  io.say(
    `Stands on   release ${candidate.baseSequence}${isCurrent ? '' : ', which is no longer live'}`,
  );
  if (state !== 'open') io.say(`State       ${state}`);
  tellCases(outcome, io);
  tellDropped(candidate.drops, io);
  tellProof(proof, io);
  tellShadow(candidate, io);
  const isFit =
    state === 'open' &&
    isCurrent &&
    outcome.failedCount === 0 &&
    (proof.state === 'proved' || proof.state === 'none');
  if (isFit && candidate.isVouched) io.say('A person can make it live.');
  // Fit all the same: what is missing are people, and no build can bring them.
  else if (isFit) io.say('One person can vouch for it, and another make it live.');
  return isFit ? exitCodes.ok : exitCodes.wrong;
}

function tellCases({ passed, failedCount, failed }: PipelineCandidate['outcome'], io: Io): void {
  if (failedCount === 0) {
    io.say(`Cases       all ${passed} come out as they say`);
    return;
  }
  io.say(`Cases       ${failedCount} of ${passed + failedCount} come out otherwise`);
  for (const { name, problems } of failed.slice(0, TOLD_MAX)) {
    io.say(`FAILS  ${name}: ${problems.join('; ')}`);
  }
}

/** What the live release promises and this does not: a person has to say that they have seen it. */
function tellDropped({ cases, invariants }: PipelineCandidate['drops'], io: Io): void {
  for (const { name, says } of invariants) io.say(`DROPS  invariant ${name}: ${says}`);
  if (cases.count === 0) return;
  io.say(`DROPS  ${cases.count} named cases of the live release: gone, or expecting otherwise`);
  for (const name of cases.names.slice(0, TOLD_MAX)) io.say(`    ${name}`);
}

function tellProof(
  { state, holding, broken, undecided }: PipelineCandidate['proof'],
  io: Io,
): void {
  const words: Record<typeof state, string> = {
    none: 'none to hold',
    running: 'being proved; ask again with ‘policy status’',
    proved: `all ${holding} hold for every request`,
    broken: `${broken.length} broken`,
    'not-decided': `${undecided.length} not decided`,
  };
  io.say(`Invariants  ${words[state]}`);
  for (const { name, says, permitted } of broken.slice(0, TOLD_MAX)) {
    io.say(`BROKEN  ${name}: ${says}`);
    io.say('This would be permitted:');
    for (const line of JSON.stringify(permitted, undefined, 2).split('\n')) io.say(`    ${line}`);
  }
  for (const { name, why } of undecided.slice(0, TOLD_MAX)) {
    io.say(`NOT DECIDED  ${name}: ${why}`);
  }
}

function tellShadow({ shadow }: PipelineCandidate, io: Io): void {
  const { isRunning, until, compared, dropped } = shadow;
  if (until === undefined && compared === 0) return;
  const when = isRunning ? `until ${until}` : 'over';
  const missed = dropped === 0 ? '' : `, ${dropped} came too fast to be compared`;
  io.say(`Shadow      ${when}: ${compared} decisions compared${missed}`);
}
