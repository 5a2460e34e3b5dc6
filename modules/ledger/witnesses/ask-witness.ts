import {
  parseNote,
  parseSignatures,
  signaturesBy,
  toBase64,
  writeSignature,
  type Hash,
  type PolicyWitness,
} from '@proofline/evidence';
import type { Head } from '../store/head-rows.ts';
import type { Asked, WitnessAnswer } from './types.ts';

/** What a witness is asked to sign, and how one gets there from an earlier size. */
export interface Target {
  readonly head: Head;
  proofFrom(size: number): Promise<readonly Hash[]>;
}

/** Sends a body to an address. @throws Error when nothing comes back in time. */
export type Ask = (url: string, body: string) => Promise<WitnessAnswer>;

/** It may have signed something else in between, twice. A witness that goes on so is no use. */
const TRIES_MAX = 3;

/**
 * Asks one witness for its signature under a checkpoint (C2SP tlog-witness, «add-checkpoint»),
 * beginning at the size that it is thought to have signed last, and then at the one that it names.
 */
export async function askWitness(
  ask: Ask,
  witness: PolicyWitness,
  { target, signedSize }: { readonly target: Target; readonly signedSize: number },
): Promise<Asked> {
  const { head } = target;
  let oldSize = Math.min(signedSize, head.size);
  let forgot: number | undefined;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const answer = await send(ask, witness, { target, oldSize });
    if (typeof answer === 'string') return { kind: 'unreachable', reason: answer };
    if (answer.status === 200) return readSignature(answer.body, { witness, head, forgot });
    // It holds another tree at the size from which the proof went, unless that was nothing.
    if (answer.status === 422 && oldSize > 0) return { kind: 'forked', size: oldSize };
    const named = sizeIn(answer);
    if (named === undefined) return { kind: 'refuses', reason: refusalText(answer.status) };
    if (named > head.size) return { kind: 'ahead', size: named };
    if (named === oldSize) return { kind: 'forked', size: named };
    if (named < signedSize) forgot = named;
    oldSize = named;
  }
  return { kind: 'refuses', reason: 'It names another size each time.' };
}

async function send(
  ask: Ask,
  { url = '' }: PolicyWitness,
  { target, oldSize }: { readonly target: Target; readonly oldSize: number },
): Promise<WitnessAnswer | string> {
  const { head } = target;
  // From nothing, or to the same tree, nothing is to be proved.
  const isProved = oldSize > 0 && oldSize < head.size;
  const proof = isProved ? await target.proofFrom(oldSize) : [];
  const body = [`old ${oldSize}`, ...proof.map(toBase64), '', head.checkpoint].join('\n');
  try {
    return await ask(`${url.replace(/\/$/, '')}/add-checkpoint`, body);
  } catch {
    // Why it did not come says more of our network than anybody needs to read.
    return 'It cannot be reached.';
  }
}

function readSignature(
  body: string,
  {
    witness,
    head,
    forgot,
  }: {
    readonly witness: PolicyWitness;
    readonly head: Head;
    readonly forgot: number | undefined;
  },
): Asked {
  const text = parseNote(head.checkpoint)?.text ?? '';
  // Of what it answers, only what its own key signed is taken.
  const signatures = parseSignatures(body) ?? [];
  const [own] = signaturesBy({ signatures }, witness.key);
  const cosigned = own && witness.key.findCosignature({ text, signatures: [own] });
  if (!own || cosigned?.state !== 'signed') {
    return { kind: 'refuses', reason: 'Its signature does not verify with its key.' };
  }
  return { kind: 'signed', line: writeSignature(own), cosigned, forgot };
}

/** The size that a conflict names. */
function sizeIn({ status, type, body }: WitnessAnswer): number | undefined {
  if (status !== 409 || type.split(';')[0] !== 'text/x.tlog.size') return undefined;
  const digits = /^(0|[1-9][0-9]{0,15})\n$/.exec(body)?.[1];
  const size = Number(digits);
  return digits !== undefined && Number.isSafeInteger(size) ? size : undefined;
}

function refusalText(status: number): string {
  if (status === 404) return 'It does not know this log.';
  if (status === 403) return 'It does not know the key of this log.';
  return `It answers with ${status}.`;
}
