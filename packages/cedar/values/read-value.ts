import { findEntityReference, readEntityUid } from '../entities/read-entity-uid.ts';
import { EvaluationError } from '../evaluation-error.ts';
import { CedarInputError, type CedarInputErrorCode, type InputPath } from '../input-error.ts';
import { makeDistinctSet, MAX_SET_ELEMENTS } from './make-distinct-set.ts';
import { MAX_VALUES } from './count-elements.ts';
import { extensionFunctions } from './extension-functions.ts';
import { toLong, type CedarRecord, type Long, type Value } from './value.ts';

/** Values inside of values; Cedar stops at 128, of JSON of any kind. */
const MAX_DEPTH = 100;

/**
 * Reads a value from JSON without a schema, as Cedar does: `{"__entity": …}` and `{"__extn": …}` are
 * escapes where they stand alone and have their form, and records otherwise. Integers are numbers, or
 * bigints where a number is not exact. Throws a `CedarInputError`.
 */
export function readValue(json: unknown, path: InputPath = []): Value {
  return new Reader(path).value(json);
}

/** Knows where in the input it is. */
class Reader {
  readonly #path: (string | number)[];
  readonly #maxPath: number;
  #left = MAX_VALUES;

  constructor(path: InputPath) {
    this.#path = [...path];
    this.#maxPath = path.length + MAX_DEPTH;
  }

  #refuse(code: CedarInputErrorCode, message: string): never {
    throw new CedarInputError(code, message, [...this.#path]);
  }

  value(json: unknown): Value {
    if (typeof json === 'boolean') return json;
    if (typeof json === 'string') return this.#text(json);
    if (typeof json === 'number' || typeof json === 'bigint') return this.#long(json);
    if (Array.isArray(json)) return this.#set(json);
    if (typeof json === 'object' && json !== null) return this.#object(json);
    return this.#refuse('malformed', 'null is no value of Cedar');
  }

  #record(json: object): CedarRecord {
    // Without a prototype, `__proto__` is an attribute like any other.
    const record = Object.create(null) as Record<string, Value>;
    for (const [name, member] of Object.entries(json)) {
      record[name] = this.#inside(this.#text(name), member);
    }
    return record;
  }

  /** Cedar’s texts are Unicode, which half of a surrogate pair is not. */
  #text(text: string): string {
    return text.isWellFormed() ? text : this.#refuse('malformed', 'this text is not Unicode');
  }

  #long(json: number | bigint): Long {
    const long = typeof json === 'bigint' ? toLong(json) : json;
    if (long === undefined || (typeof long === 'number' && !Number.isSafeInteger(long))) {
      return this.#refuse('not-a-long', 'a number is an integer of 64 bits');
    }
    // `+ 0` turns −0, which no integer is, into 0.
    return typeof long === 'number' ? long + 0 : long;
  }

  #set(json: readonly unknown[]): Value {
    if (json.length > MAX_SET_ELEMENTS) {
      return this.#refuse('too-large', `a set has ${MAX_SET_ELEMENTS} elements at most`);
    }
    return makeDistinctSet(json.map((element, index) => this.#inside(index, element)));
  }

  #object(json: object): Value {
    const names = Object.keys(json);
    if (names.length !== 1) return this.#record(json);
    const escaped: { __expr?: unknown; __entity?: unknown; __extn?: unknown } = json;
    if (names[0] === '__entity' && findEntityReference(json) !== undefined) {
      this.#ignored(escaped.__entity, ['type', 'id']);
      const uid = readEntityUid(json, this.#path);
      this.#text(uid.id);
      return uid;
    }
    if (names[0] === '__extn') {
      const call = callOf(escaped.__extn);
      if (call !== undefined) {
        this.#ignored(escaped.__extn, ['fn', call.argsAt ?? 'args']);
        return this.#call(call);
      }
    }
    if (names[0] === '__expr' && typeof escaped.__expr === 'string') {
      return this.#refuse('malformed', 'Cedar no longer takes the escape “__expr”');
    }
    return this.#record(json);
  }

  /** Cedar ignores the other members of an escape, but not numbers in them that are no longs. */
  #ignored(escape: unknown, read: readonly string[]): void {
    if (typeof escape !== 'object' || escape === null || Array.isArray(escape)) return;
    for (const [name, member] of Object.entries(escape)) {
      if (!read.includes(name)) this.#within(name, () => this.#skim(member));
    }
  }

  #skim(json: unknown): void {
    if (typeof json === 'string') this.#text(json);
    if (typeof json === 'number' || typeof json === 'bigint') this.#long(json);
    if (typeof json !== 'object' || json === null) return;
    for (const [name, member] of Object.entries(json)) this.#within(name, () => this.#skim(member));
  }

  #call({ name, args, argsAt }: Call): Value {
    const made = extensionFunctions.get(name);
    if (made === undefined || made.arity !== args.length) {
      return this.#refuse('bad-extension', 'there is no such function of so many arguments');
    }
    const values = args.map((arg, index) => this.#inside(argsAt ?? index, arg));
    try {
      return made.call(values);
    } catch (error) {
      if (!(error instanceof EvaluationError)) throw error;
      return this.#refuse(
        'bad-extension',
        `this is no value of its extension type: ${error.message}`,
      );
    }
  }

  #inside(step: string | number, json: unknown): Value {
    return this.#within(step, () => this.value(json));
  }

  #within<T>(step: string | number, read: () => T): T {
    if (this.#path.length >= this.#maxPath) {
      return this.#refuse('too-deep', `values are nested ${MAX_DEPTH} deep at most`);
    }
    this.#left -= 1;
    if (this.#left < 0) this.#refuse('too-large', `there are more than ${MAX_VALUES} values`);
    this.#path.push(step);
    const result = read();
    this.#path.pop();
    return result;
  }
}

interface Call {
  readonly name: string;
  readonly args: readonly unknown[];
  /** The member that a single argument stands under. */
  readonly argsAt?: string;
}

/** What `__extn` calls, if it has the form of a call. Cedar ignores members that it does not know. */
function callOf(json: unknown): Call | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { fn: name, arg, args }: { fn?: unknown; arg?: unknown; args?: unknown } = json;
  if (typeof name !== 'string') return undefined;
  if (arg !== undefined) return { name, args: [arg], argsAt: 'arg' };
  return Array.isArray(args) ? { name, args } : undefined;
}
