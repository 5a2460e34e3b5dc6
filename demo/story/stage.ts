import {
  Interaction,
  listInteractions,
  openInquiry,
  ProofRequest,
  readSelf,
  searchEvidence,
  startInteraction,
  type Self,
} from '@proofline/protocol';
import { z } from 'zod';
import { StepRefused } from '../actors/console-session.ts';
import type { Answer } from '../actors/device.ts';
import type { Company } from '../start-company.ts';
import type { Colleague } from './cast.ts';
import type { Transcript } from './transcript.ts';

/** What every scene of the story has at hand. */
export interface Stage {
  readonly company: Company;
  readonly transcript: Transcript;
  /** Runs `npx proofline evidence verify FILE`, as an outsider would. */
  readonly verifyOffline: (
    bundle: string,
  ) => Promise<{ readonly exitCode: number; readonly output: string }>;
}

/** An answer's body, when status and form are as expected. @throws StepRefused otherwise */
export function expectAnswer<S extends z.ZodType>(
  answer: Answer,
  expected: Expected<S>,
): z.output<S> {
  const parsed = expected.form.safeParse(answer.body);
  if (answer.status !== expected.status || !parsed.success)
    throw new StepRefused(expected.step, answer);
  return parsed.data;
}

interface Expected<S> {
  readonly status: number;
  readonly step: string;
  readonly form: S;
}

/** For answers without a body. */
export const nothing = z.unknown();

/** The stable code of a refusal. */
export function codeOf(answer: Answer): string {
  return (answer.body as { code?: string }).code ?? String(answer.status); // RFC 9457, our member
}

/** The call that rings at an agent's desk, as their panel learns of it. */
export async function ring(stage: Stage, agent: Colleague): Promise<string> {
  const { subjectId } = await selfOf(agent);
  const telephony = await stage.company.service('telephony');
  const externalId = crypto.randomUUID();
  const rung = await telephony.call('POST', '/api/interactions', {
    externalId,
    channel: 'call',
    agentId: subjectId,
  });
  const { interactionId } = expectAnswer(rung, {
    status: 201,
    step: 'ring',
    form: startInteraction.reply,
  });
  const listed = await agent.console.api('GET', '/api/interactions?state=ringing');
  const { interactions } = expectAnswer(listed, {
    status: 200,
    step: 'list the calls',
    form: listInteractions.reply,
  });
  stage.transcript.must(
    interactions.some((call) => call.interactionId === interactionId),
    'the call appears in the agent’s list',
  );
  return interactionId;
}

/** What the console knows of its own colleague. */
export async function selfOf(colleague: Colleague): Promise<Self> {
  const answer = await colleague.console.api('GET', '/api/self');
  return expectAnswer(answer, { status: 200, step: 'self', form: readSelf.reply });
}

/** The agent's panel of one call. */
export async function panel(agent: Colleague, interactionId: string): Promise<Interaction> {
  const answer = await agent.console.api('GET', `/api/interactions/${interactionId}`);
  return expectAnswer(answer, { status: 200, step: 'the call panel', form: Interaction });
}

/** The agent asks: answers the open request, and the link that the customer got. */
export async function askForProof(
  stage: Stage,
  agent: Colleague,
  ask: { readonly interactionId: string; readonly accountNumber: string },
): Promise<{ readonly request: ProofRequest; readonly link: string }> {
  const before = stage.company.messages.length;
  const { interactionId, accountNumber } = ask;
  const path = `/api/interactions/${interactionId}/proof-requests`;
  const answer = await agent.console.api('POST', path, { accountNumber, purpose: 'billing' });
  const request = expectAnswer(answer, { status: 202, step: 'ask for proof', form: ProofRequest });
  const message = await stage.company.nextMessage(before);
  return { request, link: message.link ?? '' };
}

/** What an auditor reads evidence for: said once, and named by every reading. */
export async function inquire(auditor: Colleague, purpose: string): Promise<string> {
  const said = await auditor.console.api('POST', '/api/evidence-inquiries', { purpose });
  const expected = { status: 201, step: 'say what evidence is read for', form: openInquiry.reply };
  return expectAnswer(said, expected).inquiryId;
}

/** Where the newest entry about an id stands in the log, as the auditor finds it. */
export async function indexOf(auditor: Colleague, id: string): Promise<number | undefined> {
  const found = await auditor.console.api(
    'GET',
    `/api/evidence?id=${encodeURIComponent(id)}&count=1`,
  );
  const { entries } = expectAnswer(found, {
    status: 200,
    step: 'search the evidence',
    form: searchEvidence.reply,
  });
  return entries[0]?.index;
}
