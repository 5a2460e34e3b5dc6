/** The module on an empty database with the product's policies, for its own tests and those above. */
export { decisionsWorld, type Known } from './decisions-world.ts';
export { permittedOneByOne, rowsByPolicies } from './rows-by-policies.ts';
export { recordingLedger, recordingMigration, type RecordingLedger } from './recording-ledger.ts';
