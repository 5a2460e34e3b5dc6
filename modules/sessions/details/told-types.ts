import type { DetailType } from '@proofline/protocol';
import type { SessionsContext } from '../context.ts';

type Listener = (names: readonly string[]) => void;

/** The issuer of each composition: it is made after whoever reads its clients. */
const listeners = new WeakMap<SessionsContext, Listener>();

/** @see typesOf, whose names are passed on */
export function listenForTypes(context: SessionsContext, listener: Listener): void {
  listeners.set(context, listener);
}

/** The types of an application, as its client’s metadata name them; the issuer hears of them first. */
export function typesOf(
  context: SessionsContext,
  { asksToDo = [] }: { readonly asksToDo?: readonly DetailType[] | undefined },
): string[] {
  const names = asksToDo.map(({ type }) => type);
  listeners.get(context)?.(names);
  return names;
}
