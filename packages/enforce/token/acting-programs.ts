import { err, ok, type Result } from '@proofline/kernel';
import type { Refusal } from '../refusal.ts';

const programsMax = 8;
const idMaxChars = 200;

/**
 * Who acts for the subject of a token: the `act` claim of a JWT, or of an answer of the introspection
 * endpoint (RFC 8693 §4.1), whoever acts now first. Empty: the subject itself. A chain that cannot be read
 * whole is a refusal `token.invalid`: who is left out would not be asked about.
 */
export function actingPrograms(act: unknown): Result<readonly string[], Refusal> {
  const programs: string[] = [];
  let rest: unknown = act;
  while (rest !== undefined) {
    const one = readActor(rest);
    if (one === undefined || programs.length >= programsMax) {
      return err({ code: 'token.invalid', check: 'act' });
    }
    programs.push(one.sub);
    rest = one.act;
  }
  return ok(programs);
}

/** Another member, an issuer above all, would make it somebody else than who is read. */
function readActor(value: unknown): { readonly sub: string; readonly act: unknown } | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const sub = members.get('sub');
  if (typeof sub !== 'string' || sub === '' || sub.length > idMaxChars) return undefined;
  const isKnown = [...members.keys()].every((name) => name === 'sub' || name === 'act');
  return isKnown ? { sub, act: members.get('act') } : undefined;
}
