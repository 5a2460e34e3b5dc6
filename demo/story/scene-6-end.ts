import type { OpenCase } from './scene-4-gateway.ts';
import { codeOf, expectAnswer, indexOf, nothing, type Stage } from './stage.ts';

const DEADLINE_MS = 2_000;

/** Scene 6: the call ends, and with it everything that the proof had opened. */
export async function endCall(stage: Stage, open: OpenCase): Promise<void> {
  const { transcript } = stage;
  const { agent, auditor, interactionId, accountNumber } = open;
  transcript.chapter('6. The call ends');
  const ended = await agent.console.api('POST', `/api/interactions/${interactionId}/end`);
  expectAnswer(ended, { status: 204, step: 'end the call', form: nothing });
  const endedAt = performance.now();
  const path = `/customers/${accountNumber}`;
  let answer = await agent.console.gateway(open.grant, { method: 'GET', path });
  while (answer.status < 400 && performance.now() - endedAt < DEADLINE_MS) {
    answer = await agent.console.gateway(open.grant, { method: 'GET', path });
  }
  const tookMs = Math.round(performance.now() - endedAt);
  transcript.must(
    answer.status === 401 || answer.status === 403,
    `the same request is refused within two seconds (${codeOf(answer)})`,
  );
  transcript.line({
    who: 'Nora',
    what: 'sends the same request after the call',
    came: `refused after ${tookMs} ms: ${codeOf(answer)}`,
    evidenceIndex: await indexOf(auditor, interactionId),
  });
}
