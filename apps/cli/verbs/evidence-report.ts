import type { BundleVerdict, EntryVerdict, LogIdentity } from '@proofline/evidence';
import { reportWitnesses } from './witness-report.ts';

/** What a person reads of a verdict, as lines. */
export function reportBundle(verdict: BundleVerdict): string[] {
  return [
    ...reportLog(verdict.log),
    ...(verdict.witnesses ? [...reportWitnesses(verdict.witnesses), ''] : []),
    ...verdict.faults.map(({ code, text }) => `WRONG  ${text} [${code}]`),
    ...(verdict.faults.length > 0 ? [''] : []),
    ...reportEntries(verdict),
    ...reportMeaning(verdict),
    ...conclude(verdict),
  ];
}

function reportLog(log: LogIdentity | undefined): string[] {
  if (!log) return [];
  return [
    `Log          ${log.origin}`,
    `Checkpoint   ${log.size} entries, root ${log.root}`,
    `Signed by    ${log.verifierKey}`,
    `Fingerprint  ${log.fingerprint}`,
    `             ${describeTrust(log.trusted)}`,
    '',
  ];
}

function describeTrust(trusted: boolean | undefined): string {
  if (trusted === undefined) return 'not compared; name the key that you know with --key';
  return trusted ? 'the key that you named' : 'NOT the key that you named';
}

function reportEntries({ entries, outside }: BundleVerdict): string[] {
  if (entries.length === 0) return [];
  const width = Math.max(4, ...entries.map(({ entry }) => entry?.kind.length ?? 0));
  const lines = entries.flatMap((one) => [
    [
      String(one.index ?? '?').padStart(6),
      (one.entry?.at ?? '').padEnd(24),
      (one.entry?.kind ?? '').padEnd(width),
      describeState(one),
    ].join('  '),
    ...one.faults.map(({ code, text }) => `        WRONG  ${text} [${code}]`),
  ]);
  const heading = ['index'.padStart(6), 'time'.padEnd(24), 'kind'.padEnd(width), 'state'];
  const beyond = outside.map((id) => `     –  ${id} is a cause that lies outside of this file`);
  return [heading.join('  '), ...lines, ...beyond, ''];
}

function describeState(one: EntryVerdict): string {
  const notes: string[] = [one.state];
  if (one.state === 'redacted') notes.push(`${one.withheldCount} personal fields withheld`);
  if (one.erasedBy !== undefined) {
    const what = one.erasedCount > 0 ? `${one.erasedCount} of them erased` : 'its bytes were taken';
    notes.push(`${what} by entry ${one.erasedBy}`);
  }
  if (one.state === 'missing' && one.evidenceId) notes.push(one.evidenceId);
  if (one.assertion) {
    const { registeredIndex } = one.assertion;
    notes.push('the customer’s passkey signature verifies');
    if (registeredIndex !== undefined)
      notes.push(`its passkey is that of entry ${registeredIndex}`);
  }
  return notes.join('; ');
}

function reportMeaning({ ok, log, witnesses }: BundleVerdict): string[] {
  if (!ok || !log) return [];
  const isWitnessed = witnesses?.metAtSeconds !== undefined;
  return [
    'What this proves',
    '  - Each entry stood in the log, at its index and in these words, when the checkpoint was signed.',
    '  - The file holds every entry that this export was recorded to hold; none was taken out since.',
    '  - The personal fields shown are those that the log committed to.',
    '  - Where it says so: the customer’s own passkey signed for this call, with the user verified.',
    ...(isWitnessed ? [WITNESSED] : []),
    'What it does not prove',
    ...(log.trusted === true ? [] : [UNKNOWN_KEY]),
    '  - That the log was told the truth, or was told everything.',
    isWitnessed ? COLLUSION : SPLIT_VIEW,
    '  - What withheld and erased fields say. What was erased, an entry of this log explains.',
    '',
  ];
}

const WITNESSED =
  '  - The witnesses above had seen this very log then, and no other of this name and size.';
const UNKNOWN_KEY =
  '  - That the key is the log’s, unless you know it from elsewhere and named it with --key.';
const SPLIT_VIEW =
  '  - That nobody was shown another log: compare checkpoints, or name witnesses with --policy.';
const COLLUSION =
  '  - That nobody was shown another log with the help of as many witnesses as the quorum takes.';

function conclude({ ok, entries }: BundleVerdict): string[] {
  const wrong = entries.filter(({ faults }) => faults.length > 0).length;
  if (ok) return [`All ${entries.length} entries verify.`];
  if (entries.length === 0) return ['This file proves nothing.'];
  return [
    wrong === 0
      ? 'The entries verify, but the file as a whole does not. It proves nothing.'
      : `Of ${entries.length} entries, ${wrong} ${wrong === 1 ? 'does' : 'do'} not verify. The file was changed or is not whole.`,
  ];
}
