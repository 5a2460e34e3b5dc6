import { limits, type JsonObject } from '@proofline/kernel';
import { ProblemError, ScimUserBody, scimSchemas } from '@proofline/protocol';
import type { z } from 'zod';

/** What Proofline itself takes from what a directory says of a person. */
export interface ProvisionedPerson {
  readonly userName: string;
  readonly externalId: string | undefined;
  readonly displayName: string;
  readonly employeeNumber: string;
  readonly desk: string;
  readonly isActive: boolean;
  /** All that is kept, by its names in RFC 7643, without `active`. */
  readonly resource: JsonObject;
}

const EMPLOYEE_NUMBER = /^[A-Z]{1,4}-?[0-9]{1,8}$/;
const DESK_MAX_CHARS = 60;

/**
 * Reads a whole person, be it a body or what came of a PATCH.
 *
 * @throws ProblemError `scim.value`, naming the attribute
 */
export function readPerson(resource: unknown): ProvisionedPerson {
  const parsed = ScimUserBody.safeParse(resource);
  if (!parsed.success) throw valueProblem(parsed.error);
  const { schemas: _, active = true, ...kept } = parsed.data;
  const enterprise = kept[scimSchemas.enterprise];
  const employeeNumber = enterprise?.employeeNumber ?? wanted('employeeNumber');
  if (!EMPLOYEE_NUMBER.test(employeeNumber)) wanted('employeeNumber');
  const desk = enterprise?.department ?? wanted('department');
  if (desk.length > DESK_MAX_CHARS) wanted('department');
  const { familyName, formatted, givenName } = kept.name ?? {};
  const parts = [givenName, familyName].filter((part) => part !== undefined).join(' ');
  const displayName = kept.displayName ?? formatted ?? (parts === '' ? kept.userName : parts);
  return {
    userName: kept.userName,
    externalId: kept.externalId,
    displayName: displayName.slice(0, limits.nameMaxChars),
    employeeNumber,
    desk,
    isActive: active,
    resource: withoutNothing(kept),
  };
}

/** @throws ProblemError `scim.value`: which attribute, never its value */
function wanted(attribute: 'employeeNumber' | 'department'): never {
  const form =
    attribute === 'department'
      ? `the desk, at most ${DESK_MAX_CHARS} characters`
      : 'one to four capitals, perhaps a hyphen, and up to eight digits';
  throw new ProblemError('scim.value', { detail: `${attribute} is needed: ${form}.` });
}

/** Names the attributes at fault, never a value. */
export function valueProblem(error: z.ZodError): ProblemError {
  const fields = error.issues.slice(0, 5).map((issue) => issue.path.join('.'));
  return new ProblemError('scim.value', { detail: `At fault: ${fields.join(', ')}.` });
}

/** A copy without members that are `undefined`: JSON has none. */
export function withoutNothing(value: object): JsonObject {
  // Parsed from JSON by a schema that knows only JSON’s own values.
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
