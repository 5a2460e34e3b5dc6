export type * from './types.ts';
export { DatabaseError, isUniqueViolation, StorageError } from './database-error.ts';
export {
  deleteRows,
  insertOf,
  insertRows,
  type ColumnType,
  type InsertTarget,
} from './insert-rows.ts';
export { compileOnce } from './compile-once.ts';
export { among } from './among.ts';
export { countRows, readPage, totalOf, type Page } from './read-page.ts';
export { toCondition, type SqlCondition } from './to-condition.ts';
export { openStorage, type StorageOptions } from './open-storage.ts';
export { prepareTemplate } from './embedded/prepare-template.ts';
export { copyStorage, type CopyOptions, type CopyReport } from './copy/copy-storage.ts';
export { endCopy, refuseCopies } from './copy/copy-register.ts';
