import type { Json, JsonObject } from '@proofline/kernel';
import { factsOf, type Question } from './question.ts';

/**
 * Where the programs of a chain stand in `context.chain`, in the order in which they were called: the first
 * one by a person, each other one by the one before it. So a chain has an end, and an order.
 */
export const chainPlaces = ['first', 'second', 'third'] as const;

/** One of those who act: the subject of the question, or a program that acts for them. */
export interface Link {
  /** The same question, asked about this one. */
  readonly question: Question;
  /** What the program is called; `undefined`: it is the subject. */
  readonly program?: string;
}

/**
 * Everybody who acts, the subject first. A chain decides as one: only what each of them is permitted on the
 * same facts is permitted to all of them.
 */
export function linksOf(question: Question): readonly Link[] {
  const chain = factsOf(question, 'chain');
  if (chain === undefined) return [{ question }];
  const programs = chainPlaces.flatMap((place) => {
    const program = chain[place];
    return isRecord(program) ? [program] : [];
  });
  return [{ question }, ...programs.map((program) => linkOf(question, program))];
}

/** Whether who acts is not known, or was stopped: no policy has to say that this opens nothing (P4). */
export function isBroken(question: Question): boolean {
  const chain = factsOf(question, 'chain');
  return chain !== undefined && !(chain['live'] === true && chain['asIssued'] === true);
}

function linkOf(question: Question, { id, name, role, permitsAction, owned }: JsonObject): Link {
  const service = { role, permitsAction, owned };
  return {
    question: {
      ...question,
      principal: { type: 'Service', id: textOf(id) },
      context: { ...question.context, service },
    },
    program: textOf(name),
  };
}

/** What is no text is refused with the question that it stands in. */
function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function isRecord(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
