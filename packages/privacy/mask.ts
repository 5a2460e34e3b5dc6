import type { Json } from '@proofline/kernel';

/** How a masked value is written: which few characters of it may be seen. */
export const maskKinds = ['last4', 'email', 'phone', 'name', 'date', 'text'] as const;
/** One of {@link maskKinds}. */
export type MaskKind = (typeof maskKinds)[number];

const COVER = '•••';

type Rule = (text: string) => string;

/** The last `count` characters, only when at least as many again stay covered. */
function tail(text: string, count: number): string {
  const characters = [...text];
  return characters.length >= count * 2 ? characters.slice(-count).join('') : '';
}

function digitsOf(text: string): string {
  return text.replaceAll(/\D/g, '');
}

/** The first character and the domain: enough to ask «the one at example.org?». */
function maskEmail(text: string): string {
  const at = text.lastIndexOf('@');
  if (Array.from(text.slice(0, Math.max(at, 0))).length < 3) return COVER;
  return `${[...text][0]!}${COVER}@${text.slice(at + 1)}`;
}

function maskName(text: string): string {
  const words = text.split(/\s+/).filter((word) => [...word].length > 1);
  if (words.length === 0) return COVER;
  return words.map((word) => `${[...word][0]!}${COVER}`).join(' ');
}

/** The year of an ISO 8601 date; nothing of anything else. */
function maskDate(text: string): string {
  const year = /^(\d{4})-\d{2}-\d{2}/.exec(text)?.[1];
  return year === undefined ? COVER : `${year}-••-••`;
}

const rules: Record<MaskKind, Rule> = {
  last4: (text) => COVER + tail(text, 4),
  email: maskEmail,
  phone: (text) => COVER + tail(digitsOf(text), 2),
  name: maskName,
  date: maskDate,
  text: () => COVER,
};

/** Masks one text. The output's length says nothing about the input's, apart from its words in a name. */
export function maskText(text: string, kind: MaskKind): string {
  return rules[kind](text);
}

/**
 * Masks a JSON value: texts by their kind, numbers and booleans wholly, arrays and objects leaf by
 * leaf. `null` stays, because the absence of a value is not the value.
 */
export function mask(value: Json | undefined, kind: MaskKind): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return maskText(value, kind);
  if (typeof value === 'number' || typeof value === 'boolean') return COVER;
  // `Array.isArray` does not narrow a readonly array away from the object below it.
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => mask(item, kind));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, mask(member, kind)]),
  );
}
