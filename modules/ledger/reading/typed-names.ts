import type { Context } from '../context.ts';
import type { Pseudonyms } from '../commands/pseudonyms.ts';
import { readNamed } from '../domain/searched-text.ts';
import type { PersonalFields } from '../types.ts';
import { subjectsOf } from './search.ts';

/**
 * What somebody typed to find a person, as personal fields of whom it names, and not of who typed it:
 * beside the pseudonym that was found it says whose that is, and what is erased of them must take it along.
 */
export async function fieldsOfTyped(
  parts: { readonly context: Context; readonly pseudonyms: Pseudonyms },
  readerId: string,
  typed: Readonly<Record<string, string>>,
): Promise<readonly PersonalFields[]> {
  return Promise.all(
    Object.entries(typed).map(async ([name, text]) => {
      const { subject, value } = await ownerOf(parts, readerId, text);
      return { subject, retention: 'access' as const, fields: { [name]: value } };
    }),
  );
}

async function ownerOf(
  { context, pseudonyms }: { readonly context: Context; readonly pseudonyms: Pseudonyms },
  readerId: string,
  text: string,
): Promise<{ readonly subject: string; readonly value: string | string[] }> {
  const named = readNamed(text);
  if (named.what === 'subject') {
    const known = await pseudonyms.find(named.id);
    return { subject: known === undefined ? readerId : named.id, value: text };
  }
  if (named.what !== 'text') return { subject: readerId, value: text };
  const [one, ...more] = await subjectsOf(context, named.text);
  if (one === undefined) return { subject: readerId, value: text };
  if (more.length === 0) return { subject: one, value: text };
  // The name of several is no one’s to take along: who they are is kept in its place.
  const found = await Promise.all([one, ...more].map((subject) => pseudonyms.find(subject)));
  return { subject: readerId, value: found.filter((each) => each !== undefined) };
}
