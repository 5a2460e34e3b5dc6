/** For tests of those who read evidence: a log with everything in it, made with software keys. */
export {
  assertionKey,
  credentialOf,
  signedAssertion,
  type AssertionKey,
} from './signed-assertion.ts';
export { sampleLog, type SampleLog } from './sample-log.ts';
export {
  consistencyProof,
  inclusionProof,
  memoryLog,
  type LogDraft,
  type MemoryLog,
} from './memory-log.ts';
