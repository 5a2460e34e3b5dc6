/** A value that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object; `undefined` members are absent members. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
