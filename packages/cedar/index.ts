/** The Cedar policy language: policies to JavaScript, entities, schemas, requests, decisions. */
export { createAuthorizer, type Authorizer } from './authorize/authorizer.ts';
export type { Request } from './authorize/frame.ts';
export type { GatheredPolicies } from './authorize/gathered-policies.ts';
export { scopeFits, type ScopeTypes } from './authorize/scope.ts';
export type { Answer, PolicyError } from './authorize/tally.ts';
export { constantOf } from './compile/constants.ts';
export { createEntityStore, type EntityData } from './entities/create-entity-store.ts';
export type { Entity, EntityStore } from './entities/entity-store.ts';
export { readEntities } from './entities/read-entities.ts';
export { EvaluationError, type EvaluationErrorCode } from './evaluation-error.ts';
export { CedarInputError, type CedarInputErrorCode } from './input-error.ts';
export { readJson } from './json/read-json.ts';
export type { Expression } from './policy/expression.ts';
export type { Policy } from './policy/policy.ts';
export { readPolicyJson, readPolicySetJson } from './policy/read-policy-json.ts';
export { linkTemplate } from './policy/link-template.ts';
export type {
  Column,
  Columns,
  ColumnType,
  SqlFragment,
  SqlParameter,
} from './row-filter/column.ts';
export {
  createRowFilters,
  type RowFilter,
  type RowFilters,
  type RowQuestion,
} from './row-filter/create-row-filters.ts';
export type { Predicate } from './row-filter/predicate.ts';
export { RowFilterError, type RowFilterErrorCode } from './row-filter/row-filter-error.ts';
export { writeFragment, writeSql } from './row-filter/write-sql.ts';
export { actionEntities } from './schema/action-entities.ts';
export { checkEntities } from './schema/check-entities.ts';
export { checkRequest, checkScope, findAllowed } from './schema/check-request.ts';
export { generateConverter } from './schema/generate-converter.ts';
export { readSchema } from './schema/read-schema.ts';
export {
  findAction,
  isActionType,
  type ActionType,
  type CedarType,
  type RecordType,
  type Schema,
} from './schema/schema.ts';
export { CedarSyntaxError } from './text/cedar-syntax-error.ts';
export { parsePolicies, type ParsedPolicy } from './text/parse-policies.ts';
export { describeValue } from './values/describe-value.ts';
export { CedarSet, EntityUid, type CedarRecord, type Long, type Value } from './values/value.ts';
