import type { EvidenceRow } from '@proofline/protocol';
import type { OpenCase } from './scene-4-gateway.ts';
import { expectAnswer, type Stage } from './stage.ts';
import type { Colleague } from './cast.ts';

/** Scene 8: from any one id the whole chain; one file; verified where nobody knows the server. */
export async function audit(
  stage: Stage,
  auditor: Colleague,
  open: Pick<OpenCase, 'interactionId'>,
): Promise<void> {
  const { transcript } = stage;
  transcript.chapter('8. The auditor');
  const found = await auditor.console.api(
    'GET',
    `/api/evidence?id=${open.interactionId}&count=200`,
  );
  const { entries, logSize } = expectAnswer<{ entries: EvidenceRow[]; logSize: number }>(
    found,
    200,
    'search',
  );
  const kinds = new Set(entries.map(({ kind }) => kind));
  for (const kind of [
    'interaction.started',
    'proof.requested',
    'proof.bound',
    'grant.issued',
    'decision.made',
    'interaction.ended',
  ] as const) {
    transcript.must(kinds.has(kind), `the call’s evidence holds ${kind}`);
  }
  transcript.line({
    who: 'Auditor',
    what: 'searches by the call’s id',
    came: `${entries.length} entries of ${logSize}`,
  });

  const result = entries.find(({ kind }) => kind === 'request.completed');
  const read = await auditor.console.api('GET', `/api/evidence/${result?.evidenceId}`);
  const { chain } = expectAnswer<{ chain: EvidenceRow[] }>(read, 200, 'read an entry');
  const chained = new Set(chain.map(({ kind }) => kind));
  for (const kind of [
    'authenticator.registered',
    'session.started',
    'proof.bound',
    'grant.issued',
    'decision.made',
  ] as const) {
    transcript.must(chained.has(kind), `a result leads back to ${kind}`);
  }
  transcript.line({
    who: 'Auditor',
    what: 'follows one result back to the proof it rests on',
    came: `${chain.length} linked entries`,
  });

  const exported = await auditor.console.api('POST', '/api/evidence/exports', {
    id: open.interactionId,
    purpose: 'quarterly review of refunds',
  });
  const bundle = typeof exported.body === 'string' ? exported.body : JSON.stringify(exported.body);
  transcript.must(exported.status === 200, 'the call is exported as one file');
  const verified = await stage.verifyOffline(bundle);
  transcript.must(
    verified.exitCode === 0,
    `the file verifies offline: ${verified.output.slice(-300)}`,
  );
  transcript.line({
    who: 'Outsider',
    what: 'npx proofline evidence verify FILE',
    came: 'verified, without the server',
  });
  const forged = bundle
    .replace('"amountCents":2500', '"amountCents":9500')
    .replace(/"purpose":"billing"|\\"purpose\\":\\"billing\\"/, (text) =>
      text.replace('billing', 'complaint'),
    );
  const caught = await stage.verifyOffline(
    forged === bundle ? bundle.replace('proof.bound', 'proof.ended') : forged,
  );
  transcript.must(caught.exitCode === 1, 'an edited file is caught');
  transcript.line({
    who: 'Outsider',
    what: 'verifies a copy with one word changed',
    came: 'tampered: caught',
  });
}
