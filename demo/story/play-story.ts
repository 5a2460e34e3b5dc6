import type { Company } from '../start-company.ts';
import { enrolCustomer, seatFounder } from './cast.ts';
import { newAgent } from './scene-1-new-agent.ts';
import { agentStarts, customerStarts, proofRefused } from './scene-2-proof.ts';
import { openCase, readThroughGateway } from './scene-4-gateway.ts';
import { changeThings } from './scene-5-changes.ts';
import { endCall } from './scene-6-end.ts';
import { fraudster } from './scene-7-fraudster.ts';
import { audit } from './scene-8-auditor.ts';
import { selfOf, type Stage } from './stage.ts';
import { createTranscript, type Transcript } from './transcript.ts';

/**
 * Plays the whole story over real HTTP with software authenticators.
 *
 * @returns the transcript; its `failures` are empty when every step came out as it should.
 */
export async function playStory(options: {
  readonly company: Company;
  readonly print: (text: string) => void;
  readonly verifyOffline: Stage['verifyOffline'];
}): Promise<Transcript> {
  const { company } = options;
  const transcript = createTranscript(options.print);
  const stage: Stage = { company, transcript, verifyOffline: options.verifyOffline };
  const { hr, lead, supervisor, auditor, security } = company.founders;
  const team = {
    hr: await seatFounder(company, hr),
    lead: await seatFounder(company, lead),
    supervisor: await seatFounder(company, supervisor),
    auditor: await seatFounder(company, auditor),
    security: await seatFounder(company, security),
  };
  const [accountNumber = '', foreignAccount = ''] = company.accountNumbers;
  const customer = await enrolCustomer(company, accountNumber);
  const nora = await newAgent(stage, team);
  const cast = { agent: nora, auditor: team.auditor, customer, accountNumber };
  const interactionId = await agentStarts(stage, cast);
  const open = await openCase(stage, { ...cast, supervisor: team.supervisor, interactionId });
  await readThroughGateway(stage, open, foreignAccount);
  await changeThings(stage, open);
  await endCall(stage, open);
  await customerStarts(stage, cast);
  await proofRefused(stage, cast);
  const victim = { victim: nora, victimId: (await selfOf(nora)).subjectId, accountNumber };
  await fraudster(stage, { ...victim, staff: Object.values(team), onlooker: team.security });
  await audit(stage, team.auditor, open);
  return transcript;
}
