import { parentPort } from 'node:worker_threads';
import type { CompiledPolicies } from '@proofline/policy';
import { oracleEngine } from '@proofline/policy/oracle';
import type { FromWorker, ToWorker } from './messages.ts';
import { sameEvaluation } from './same-evaluation.ts';

/** The release that is in force, its stage, and one whose last questions may still be on their way. */
const KEPT_RELEASES = 3;

const compiled = new Map<string, CompiledPolicies>();

parentPort?.on('message', (message: ToWorker) => {
  if (message.kind === 'release') {
    compiled.delete(message.source.digest);
    compiled.set(message.source.digest, oracleEngine.compile(message));
    const [oldest] = compiled.keys();
    if (compiled.size > KEPT_RELEASES && oldest !== undefined) compiled.delete(oldest);
    return;
  }
  const { digest, question, answer } = message;
  const oracle = compiled.get(digest);
  // A release that is gone has nothing left to fall back from.
  const agrees = oracle === undefined || sameEvaluation(answer, oracle.evaluate(question));
  const reply: FromWorker = { agrees, digest };
  parentPort?.postMessage(reply);
});
