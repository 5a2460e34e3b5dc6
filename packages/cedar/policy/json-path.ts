import { CedarInputError, type CedarInputErrorCode } from '../input-error.ts';

/** An object of untrusted JSON. */
export type Members = Readonly<Record<string, unknown>>;

/** Levels of JSON objects and lists in one another. */
const MAX_DEPTH = 500;

/** Reads untrusted JSON from the outside in, and knows where it is when something is wrong. */
export class JsonPath {
  private readonly path: (string | number)[] = [];

  refuse(code: CedarInputErrorCode, message: string): never {
    throw new CedarInputError(code, message, [...this.path]);
  }

  /** Reads a member or element, one level further in. */
  inside<T>(step: string | number, read: () => T): T {
    this.path.push(step);
    if (this.path.length > MAX_DEPTH) this.refuse('too-deep', 'this is nested too deep');
    const result = read();
    this.path.pop();
    return result;
  }

  object(json: unknown): Members {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      this.refuse('malformed', 'this must be an object');
    }
    return json as Members; // All that is known of an object; its members stay unknown.
  }

  /** An object that has no other members than these. */
  exactly(json: unknown, names: readonly string[]): Members {
    const object = this.object(json);
    for (const name of Object.keys(object)) {
      if (!names.includes(name)) {
        this.refuse('malformed', `the only members here are ${names.join(', ')}`);
      }
    }
    return object;
  }

  /** A member that the object itself has. */
  member<T>(object: Members, name: string, read: (json: unknown) => T): T {
    if (!Object.hasOwn(object, name)) this.refuse('malformed', `the member “${name}” is missing`);
    return this.inside(name, () => read(object[name]));
  }

  list<T>(json: unknown, read: (json: unknown) => T): T[] {
    if (!Array.isArray(json)) this.refuse('malformed', 'this must be a list');
    return json.map((element: unknown, index) => this.inside(index, () => read(element)));
  }

  string(json: unknown): string {
    if (typeof json !== 'string') this.refuse('malformed', 'this must be a string');
    if (!json.isWellFormed()) this.refuse('malformed', 'this string has half of a character');
    return json;
  }
}
