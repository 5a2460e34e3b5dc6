import type { Json, JsonObject } from '@proofline/kernel';
import type { Question } from './question.ts';

/** What a signal counts as where nobody reports it. */
export type DefaultValue = boolean | number | string;

/** The defaults of one record of facts. */
export interface RecordDefaults {
  /** Members that take a value of their own. */
  readonly values: ReadonlyMap<string, DefaultValue>;
  /** Members that are records with defaults below them. */
  readonly records: ReadonlyMap<string, RecordDefaults>;
  /** Whether nothing but defaults is needed to make the record where there is none. */
  readonly isWhole: boolean;
}

/** Action → the defaults of its context. Actions without any are not in it. */
export type CautiousDefaults = ReadonlyMap<string, RecordDefaults>;

/**
 * The question with every absent signal at its declared default, or the very same question where
 * nothing is missing. A record is made up only where defaults are all that it needs: half a record would
 * be refused by the schema, and what is absent as a whole opens nothing anyway.
 */
export function withDefaults(defaults: CautiousDefaults, question: Question): Question {
  const declared = defaults.get(question.action);
  if (declared === undefined) return question;
  const context = fill(question.context, declared);
  return context === question.context ? question : { ...question, context };
}

/** The same for facts of which some are unknown rather than absent: no record is made up. */
export function withDefaultsOfKnown(
  defaults: CautiousDefaults,
  action: string,
  context: JsonObject,
): JsonObject {
  const declared = defaults.get(action);
  if (declared === undefined) return context;
  const records = [...declared.records].filter(([name]) => isRecord(context[name]));
  return fill(context, { ...declared, values: new Map(), records: new Map(records) });
}

/** The same for one record of facts that somebody brings: whatever it does not say of itself. */
export function withOwnDefaults(
  declared: RecordDefaults | undefined,
  name: string,
  facts: JsonObject,
): JsonObject {
  const own = declared?.records.get(name);
  return own === undefined ? facts : fill(facts, own);
}

/** Which facts {@link withDefaults} gives to a question: `interaction.wrongCodes`, sorted. */
export function defaultedFacts(defaults: CautiousDefaults, question: Question): string[] {
  const declared = defaults.get(question.action);
  return declared === undefined ? [] : missingIn(question.context, declared, '').toSorted();
}

function fill(record: JsonObject, { values, records }: RecordDefaults): JsonObject {
  let filled: Record<string, Json | undefined> | undefined;
  for (const [name, value] of values) {
    if (record[name] !== undefined) continue;
    (filled ??= { ...record })[name] = value;
  }
  for (const [name, declared] of records) {
    const member = record[name];
    // What is there and is no record is refused by the schema.
    if (member === undefined ? !declared.isWhole : !isRecord(member)) continue;
    const made = fill(isRecord(member) ? member : {}, declared);
    if (made === member) continue;
    (filled ??= { ...record })[name] = made;
  }
  return filled ?? record;
}

function missingIn(record: JsonObject, declared: RecordDefaults, path: string): string[] {
  const own = [...declared.values.keys()].filter((name) => record[name] === undefined);
  const below = [...declared.records].flatMap(([name, inner]) => {
    const member = record[name];
    if (member === undefined ? !inner.isWhole : !isRecord(member)) return [];
    return missingIn(isRecord(member) ? member : {}, inner, `${path}${name}.`);
  });
  return [...own.map((name) => path + name), ...below];
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
