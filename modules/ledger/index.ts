/** The evidence log: record, sequence, search, prove, export. */
export { fileErasureJournal, type ErasureJournal } from './erasure/erasure-journal.ts';
export { rewriteErased } from './erasure/rewrite-erased.ts';
export { createLedger } from './create-ledger.ts';
export { LedgerStartError, type LedgerStartCode } from './domain/ledger-start-error.ts';
export { createRefusalBudget, type RefusalBudget } from './domain/refusal-budget.ts';
export type { Fsck } from './commands/fsck.ts';
export { receiverForms, type ReceiverForm } from './out/forms/write-records.ts';
export { ReceiverFault, type Receiver } from './out/receiver.ts';
export { fileHighWaterMark } from './sequencer/high-water-mark.ts';
export { receiptText } from './domain/receipt-text.ts';
export { migrations } from './store/migrations.ts';
export type {
  EvidenceDraft,
  EvidenceProver,
  EvidenceReceipts,
  EvidenceTail,
  EvidenceListWriter,
  EvidenceWitnessing,
  EvidenceWriter,
  HighWaterMark,
  Ledger,
  LedgerDeps,
  LedgerHealth,
  LogFile,
  LogFiles,
  PersonalFields,
  ProvenEntry,
  Receipt,
  RetentionClass,
  SequencerFault,
} from './types.ts';
export type { WitnessAlarm, WitnessAnswer, WitnessDeps, WitnessPace } from './witnesses/types.ts';
