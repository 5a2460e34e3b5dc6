export type * from './types.ts';
export { DatabaseError, isUniqueViolation, StorageError } from './database-error.ts';
export { openStorage, type StorageOptions } from './open-storage.ts';
export { prepareTemplate } from './embedded/prepare-template.ts';
