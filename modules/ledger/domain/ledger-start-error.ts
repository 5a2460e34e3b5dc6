/** Why the log must not go on: code → sentence. */
const sentences = {
  'log.rolled-back':
    'The database is older than the log’s high-water mark: a backup was restored, or rows were cut off. ' +
    'Signing on would fork the log. See docs/runbooks/restored-backup.md.',
  'log.mark-missing':
    'The log has entries, but its high-water mark is gone. Put the file back, or write the newest ' +
    'checkpoint that you hold into it. See docs/runbooks/restored-backup.md.',
  'log.mark-unreadable':
    'The log’s high-water mark is not a checkpoint signed by this log’s key. ' +
    'Is PROOFLINE_LOG_SEED or PROOFLINE_LOG_NAME another one than before?',
  'log.forked':
    'The database holds another history than the one that the log’s high-water mark was signed over.',
  'log.altered': 'The log’s entries are not those that its checkpoint was signed over.',
} as const;

export type LedgerStartCode = keyof typeof sentences;

/** The log was altered or set back. It signs nothing more; a person must look. */
export class LedgerStartError extends Error {
  readonly code: LedgerStartCode;
  constructor(code: LedgerStartCode, detail?: string) {
    super(`${code}: ${sentences[code]}${detail ? ` (${detail})` : ''}`);
    this.name = 'LedgerStartError';
    this.code = code;
  }
}
