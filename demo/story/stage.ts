import type {
  Interaction,
  InteractionSummary,
  Invitation,
  ProofRequest,
} from '@proofline/protocol';
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

/** An answer's body in the contract's form, when the status is the expected one. */
export function expectAnswer<T>(answer: Answer, status: number, step: string): T {
  if (answer.status !== status) throw new StepRefused(step, answer);
  // The contract gives the form; the server dropped what is not in it.
  return answer.body as T;
}

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
  const { interactionId } = expectAnswer<{ interactionId: string }>(rung, 201, 'ring');
  const listed = await agent.console.api('GET', '/api/interactions?state=ringing');
  const { interactions } = expectAnswer<{ interactions: InteractionSummary[] }>(
    listed,
    200,
    'list the calls',
  );
  stage.transcript.must(
    interactions.some((call) => call.interactionId === interactionId),
    'the call appears in the agent’s list',
  );
  return interactionId;
}

export async function selfOf(
  colleague: Colleague,
): Promise<{ subjectId: string; roles: string[]; sessionId: string }> {
  return expectAnswer(await colleague.console.api('GET', '/api/self'), 200, 'self');
}

export async function panel(agent: Colleague, interactionId: string): Promise<Interaction> {
  return expectAnswer(
    await agent.console.api('GET', `/api/interactions/${interactionId}`),
    200,
    'the call panel',
  );
}

/** The agent asks: answers the open request and the id in the link that the customer got. */
export async function askForProof(
  stage: Stage,
  agent: Colleague,
  ask: { readonly interactionId: string; readonly accountNumber: string },
): Promise<{ readonly request: ProofRequest; readonly requestId: string }> {
  const before = stage.company.messages.length;
  const { interactionId, accountNumber } = ask;
  const path = `/api/interactions/${interactionId}/proof-requests`;
  const answer = await agent.console.api('POST', path, { accountNumber, purpose: 'billing' });
  const request = expectAnswer<ProofRequest>(answer, 202, 'ask for proof');
  const message = await stage.company.nextMessage(before);
  const requestId = new URL(message.link ?? '').pathname.split('/').at(-1) ?? '';
  return { request, requestId };
}

/** Where the newest entry about an id stands in the log, as the auditor finds it. */
export async function indexOf(auditor: Colleague, id: string): Promise<number | undefined> {
  const found = await auditor.console.api(
    'GET',
    `/api/evidence?id=${encodeURIComponent(id)}&count=1`,
  );
  const { entries } = expectAnswer<{ entries: { index?: number }[] }>(
    found,
    200,
    'search the evidence',
  );
  return entries[0]?.index;
}

export type { Interaction, Invitation };
