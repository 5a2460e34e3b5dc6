import {
  judgeCheckpoint,
  verifyBundle,
  verifyGrowth,
  verifyLog,
  writeBundle,
} from '@proofline/evidence';
import type { Attack } from './attack.ts';
import { keptByAuditor, policy, type LogCopy } from './copy-attacks.ts';
import type { FileAttack } from './entry-attacks.ts';
import { isNoticedByHead, isNoticedInRows } from './hash-chain.ts';
import { growthOf, signer } from './scene.ts';

/** What the offline verifier says of an attacked file, sorted: `index code`, or `- code`. */
export function sayOfFile({ file, knows }: Pick<FileAttack, 'file' | 'knows'>): string[] {
  const made = file();
  const text = typeof made === 'string' ? made : writeBundle(made);
  const verdict = verifyBundle(text, {
    ...(knows === 'the log’s key' && { trustedKey: signer.key.text }),
  });
  const said = [
    ...verdict.faults.map(({ code }) => `- ${code}`),
    ...verdict.entries.flatMap(({ index, faults }) =>
      faults.map(({ code }) => `${index ?? '?'} ${code}`),
    ),
  ];
  if (verdict.ok !== (said.length === 0)) throw new Error('the verdict contradicts its faults');
  return said.sort();
}

/** What is said of a whole log by somebody who knows so much: sentences. */
export function sayOfCopy(copy: LogCopy, knows: Attack['knows']): string[] {
  const { faults } = verifyLog(copy.leaves, copy.checkpoint, signer.key);
  const said = [...faults];
  if (knows === 'a kept checkpoint' && !goesOn(copy)) {
    said.push('The log does not go on from the checkpoint that was kept.');
  }
  if (knows === 'the witnesses’ keys') {
    const judged = judgeCheckpoint(copy.checkpoint, policy);
    const forged = judged?.witnesses.filter(({ cosigned }) => cosigned.state === 'refused') ?? [];
    for (const { name } of forged) {
      said.push(`A line names a witness who did not write it: ${name}.`);
    }
    if (!judged?.isMet) said.push('Fewer witnesses have signed than the policy asks for.');
  }
  return said.sort();
}

/** With the proof that the log itself would give: nobody could give a better one. */
function goesOn({ leaves, checkpoint }: LogCopy): boolean {
  return verifyGrowth({
    older: keptByAuditor.checkpoint,
    newer: checkpoint,
    proof: growthOf(leaves, keptByAuditor.size),
    key: signer.key,
  });
}

/** What the check of a hash chain notices of the same: by its rows, and with a signed head. */
export function sayOfChain({
  chain,
}: Attack): { readonly rows: boolean; readonly head: boolean } | undefined {
  const changed = chain?.();
  return changed && { rows: isNoticedInRows(changed), head: isNoticedByHead(changed) };
}
