/** A policy holds something that has no encoding. What is in doubt is not decided, and never holds. */
export class NotEncodable extends Error {
  override readonly name = 'NotEncodable';
  /** In words: `an IP address made from a value`. */
  readonly what: string;

  constructor(what: string) {
    super(`not encoded: ${what}`);
    this.what = what;
  }
}
