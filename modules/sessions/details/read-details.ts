import type { DetailType } from '@proofline/protocol';
import { z } from 'zod';
import type { AskedToDo } from '../types.ts';

const detailsMax = 5;
const charsMax = 2_000;

type Field = DetailType['fields'][number];

/**
 * Nothing that is not read as it stands: no control or format characters, which turn a line around or hide
 * a part of it (Unicode, categories Cc, Cf, Zl and Zp).
 */
const Text = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u);

function formOf({ among, form, required }: Field): z.ZodType {
  const text = among === undefined ? Text : Text.refine((one) => among.includes(one));
  const forms = { text, number: z.number(), list: z.array(text).min(1).max(10) };
  return required ? forms[form] : forms[form].optional();
}

/** A detail is exactly of the form that is registered for its type; what nobody reads is not agreed to. */
function isOfForm(detail: object, { fields, type }: DetailType): boolean {
  const shape = Object.fromEntries(fields.map((field) => [field.name, formOf(field)]));
  return z.strictObject({ ...shape, type: z.literal(type) }).safeParse(detail).success;
}

const Details = z
  .array(z.looseObject({ type: z.string() }))
  .min(1)
  .max(detailsMax);
type Details = z.infer<typeof Details>;

/** The parameter `authorization_details` (RFC 9396 §2); `undefined`: it is not of its form. */
export function parseDetails(text: unknown): Details | undefined {
  if (typeof text !== 'string' || text.length > charsMax) return undefined;
  try {
    return Details.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Why this is refused, for the application’s developers; `undefined`: it is registered so. */
export function whyDetailRefused(
  detail: { readonly type?: unknown },
  { api, types }: { readonly api: unknown; readonly types: readonly DetailType[] },
): string | undefined {
  const known = types.find(({ type }) => type === detail.type);
  if (!known) return 'a type of authorization_details is not registered for this application';
  if (known.api !== api) return 'authorization_details are for the one API that is their resource';
  return isOfForm(detail, known)
    ? undefined
    : 'authorization_details have a member that is not registered, or not of its form';
}

const wordsOf = (value: unknown): string =>
  Array.isArray(value) ? value.map(String).join(', ') : String(value);

/** What is asked for, in the words that are registered: every member of it, and nothing else. */
export function inWords(details: Details, types: readonly DetailType[]): AskedToDo[] {
  return details.flatMap((detail) => {
    const known = types.find(({ type }) => type === detail.type);
    if (!known) return [];
    const items = known.fields.flatMap(({ label, name }) =>
      detail[name] === undefined ? [] : [{ label, value: wordsOf(detail[name]) }],
    );
    return [{ says: known.says, items }];
  });
}
