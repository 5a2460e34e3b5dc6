import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';

/** Parses a bounded request body. @throws ProblemError `request.malformed` or `request.too-deep` */
export function parseJson(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProblemError('request.malformed', { detail: 'The body is not JSON.' });
  }
  return inspectJson(value);
}

/**
 * Refuses what no part of Proofline could keep or canonicalize, before any shape is looked at.
 *
 * @throws ProblemError `request.malformed` or `request.too-deep`
 */
export function inspectJson<T>(value: T): T {
  inspect(value, 0);
  return value;
}

function inspect(value: unknown, depth: number): void {
  if (typeof value === 'string') return inspectText(value);
  if (typeof value !== 'object' || value === null) return;
  if (depth >= limits.jsonMaxDepth) throw new ProblemError('request.too-deep');
  for (const [key, member] of Object.entries(value)) {
    // A member of this name would reach the prototype wherever the object is copied carelessly.
    if (key === '__proto__')
      throw new ProblemError('request.malformed', { detail: 'A member name is reserved.' });
    inspectText(key);
    inspect(member, depth + 1);
  }
}

/** PostgreSQL keeps no NUL, and RFC 8785 §3.2.2.2 knows no lone surrogate. */
function inspectText(text: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw new ProblemError('request.malformed', { detail: 'A text holds what is no character.' });
}

/**
 * The JSON of a request, whose body is not received before its type is known to be ours.
 *
 * @throws ProblemError `request.unsupported-type`, `request.malformed`, `request.too-deep`, or what receiving throws
 */
export async function readJson(
  contentType: string | undefined,
  receive: () => Promise<Uint8Array>,
): Promise<unknown> {
  const type = contentType?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json') throw new ProblemError('request.unsupported-type');
  return parseJson(decode(await receive()));
}

function decode(bytes: Uint8Array): string {
  try {
    // RFC 8259 §8.1: JSON is UTF-8. What is not must not be read as something else.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProblemError('request.malformed', { detail: 'The body is not UTF-8.' });
  }
}
