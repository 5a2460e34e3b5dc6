import { readEvidence, searchEvidence, type EvidenceKind } from '@proofline/protocol';
import type { Colleague } from './cast.ts';
import type { OpenCase } from './scene-4-gateway.ts';
import { expectAnswer, inquire, type Stage } from './stage.ts';

const OF_THE_CALL: readonly EvidenceKind[] = [
  'interaction.started',
  'proof.requested',
  'proof.bound',
  'grant.issued',
  'decision.made',
  'interaction.ended',
];
const BEHIND_A_RESULT: readonly EvidenceKind[] = [
  'authenticator.registered',
  'onboarding.confirmed',
  'session.started',
  'proof.bound',
  'grant.issued',
  'decision.made',
];

/** Scene 8: from any one id the whole chain; one file; verified where nobody knows the server. */
export async function audit(
  stage: Stage,
  auditor: Colleague,
  call: Pick<OpenCase, 'interactionId'>,
) {
  stage.transcript.chapter('8. The auditor');
  await followResult(stage, auditor, call.interactionId);
  await lookForOrphans(stage, auditor);
  const bundle = await exportCall(stage, auditor, call.interactionId);
  await verifyAsOutsider(stage, bundle);
}

async function followResult({ transcript }: Stage, auditor: Colleague, id: string): Promise<void> {
  const found = await auditor.console.api('GET', `/api/evidence?id=${id}&count=200`);
  const search = { status: 200, step: 'search', form: searchEvidence.reply };
  const { entries, logSize } = expectAnswer(found, search);
  const kinds = new Set(entries.map(({ kind }) => kind));
  for (const kind of OF_THE_CALL) transcript.must(kinds.has(kind), `the call’s evidence: ${kind}`);
  const came = `${entries.length} entries of ${logSize}`;
  transcript.line({ who: 'Auditor', what: 'searches by the call’s id', came });
  const result = entries.find(({ kind }) => kind === 'request.completed');
  const inquiryId = await inquire(auditor, 'quarterly review of refunds');
  const path = `/api/evidence/${result?.evidenceId}?inquiryId=${inquiryId}`;
  const read = await auditor.console.api('GET', path);
  const { chain } = expectAnswer(read, { status: 200, step: 'read', form: readEvidence.reply });
  const behind = new Set(chain.map(({ kind }) => kind));
  for (const kind of BEHIND_A_RESULT) transcript.must(behind.has(kind), `behind a result: ${kind}`);
  const what = 'follows one result back to the proof it rests on';
  transcript.line({ who: 'Auditor', what, came: `${chain.length} linked entries` });
}

/** Whatever was permitted rests on somebody’s proof of who they are: the log is asked for what does not. */
async function lookForOrphans({ transcript }: Stage, auditor: Colleague): Promise<void> {
  const found = await auditor.console.api('GET', '/api/evidence?only=orphans&count=200');
  const { entries, logSize, searchedSize } = expectAnswer(found, {
    status: 200,
    step: 'look for what nobody proved',
    form: searchEvidence.reply,
  });
  const orphans = entries
    .map(({ facts, kind }) => `${kind} ${JSON.stringify(facts['action'])}`)
    .join(', ');
  transcript.must(orphans === '', `nothing was permitted without a proof of identity: ${orphans}`);
  transcript.must(searchedSize === logSize, 'all of the log was searched for it');
  const came = `none among ${searchedSize} entries`;
  transcript.line({ who: 'Auditor', what: 'looks for what nobody proved', came });
}

async function exportCall({ transcript }: Stage, auditor: Colleague, id: string): Promise<string> {
  const wish = { id, purpose: 'quarterly review of refunds' };
  const exported = await auditor.console.api('POST', '/api/evidence/exports', wish);
  transcript.must(exported.status === 200, 'the call is exported as one file');
  return typeof exported.body === 'string' ? exported.body : JSON.stringify(exported.body);
}

async function verifyAsOutsider(
  { transcript, verifyOffline }: Stage,
  bundle: string,
): Promise<void> {
  const verified = await verifyOffline(bundle);
  transcript.must(verified.exitCode === 0, `it verifies offline: ${verified.output.slice(-300)}`);
  const what = 'npx proofline evidence verify FILE';
  transcript.line({ who: 'Outsider', what, came: 'verified, without the server' });
  const forged = bundle.replace('proof.bound', 'proof.ended');
  const caught = forged === bundle ? undefined : await verifyOffline(forged);
  transcript.must(caught?.exitCode === 1, 'an edited file is caught');
  const edited = 'verifies a copy with one word changed';
  transcript.line({ who: 'Outsider', what: edited, came: 'tampered: caught' });
}
