/** What somebody typed into the one box. */
export type NamedText =
  | { readonly what: 'thing'; readonly id: string }
  | { readonly what: 'release'; readonly digest: string }
  | { readonly what: 'subject'; readonly id: string }
  | { readonly what: 'text'; readonly text: string };

const SUBJECT = /^(?:stf|cus|svc)_/;
const ID = /^[a-z]{3}_/;
const DIGEST = /^(?:sha256:)?[0-9a-f]{64}$|^[\w-]{43}$/;

/** Reads it by its form alone: no look at what there is. */
export function readNamed(text: string): NamedText {
  if (SUBJECT.test(text)) return { what: 'subject', id: text };
  if (ID.test(text)) return { what: 'thing', id: text };
  if (DIGEST.test(text)) return { what: 'release', digest: text };
  return { what: 'text', text };
}

/** Whether a person is asked about, or may be: a purpose is needed for that, whether there is such a person or not. */
export function isAboutPerson(asked: {
  readonly id?: string | undefined;
  readonly actor?: string | undefined;
  readonly about?: string | undefined;
}): boolean {
  return [asked.id, asked.actor, asked.about].some((text) => text && namesPerson(text));
}

function namesPerson(text: string): boolean {
  const named = readNamed(text);
  if (named.what === 'thing') return named.id.startsWith('psn_');
  return named.what === 'text' || (named.what === 'subject' && !named.id.startsWith('svc_'));
}
