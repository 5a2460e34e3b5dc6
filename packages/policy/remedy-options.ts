import type { Action, Remedy } from '@proofline/protocol';
import { withOwnDefaults, type RecordDefaults } from './cautious-defaults.ts';
import type { ContextReads } from './context-reads.ts';
import type { FactsChange } from './engine.ts';
import type { PolicySet } from './policy-set.ts';
import { factsOf, type Question } from './question.ts';
import type { Candidate } from './remedy-candidates.ts';
import { waysOf, type Ways } from './suppose-remedies.ts';

/** A remedy with the ways in which it may turn out. */
export interface Option extends Ways {
  readonly remedy: Remedy;
}

/**
 * What a remedy would change, each way made once. A fact that it brings has the defaults of whatever
 * it does not say of itself.
 */
export function optionOf({ defaults }: PolicySet, question: Question, remedy: Remedy): Option {
  const declared = defaults.get(question.action);
  const { count, changes } = waysOf(question, remedy);
  const made: (readonly FactsChange[])[] = [];
  return {
    remedy,
    count,
    changes: (way) => {
      const known = made[way];
      if (known !== undefined) return known;
      const plain = changes(way);
      return (made[way] =
        declared === undefined ? plain : plain.map((change) => withDefaultsOf(declared, change)));
    },
  };
}

function withDefaultsOf(declared: RecordDefaults, change: FactsChange): FactsChange {
  const { name, facts } = change;
  const filled = withOwnDefaults(declared, name, facts);
  return filled === facts ? change : { name, facts: filled };
}

/** The options of a question, each made when it is asked for, and whether it can help at all. */
export function optionsFor(set: PolicySet, question: Question, reads: ContextReads) {
  const options = new Map<Candidate, Option>();
  const helping = new Map<Candidate, boolean>();
  const optionFor = (name: Candidate): Option => {
    let option = options.get(name);
    if (option === undefined) {
      option = optionOf(set, question, toRemedy(name, question));
      options.set(name, option);
    }
    return option;
  };
  return {
    optionFor,
    canHelp(name: Candidate): boolean {
      let helps = helping.get(name);
      if (helps === undefined) {
        helps = changesWhatIsRead(optionFor(name), question, reads);
        helping.set(name, helps);
      }
      return helps;
    },
  };
}

function changesWhatIsRead(option: Option, question: Question, reads: ContextReads): boolean {
  for (let way = 0; way < option.count; way += 1) {
    for (const change of option.changes(way)) if (isRead(change, question, reads)) return true;
  }
  return false;
}

function isRead({ name, facts }: FactsChange, question: Question, reads: ContextReads): boolean {
  const before = factsOf(question, name);
  if (before === undefined) return reads.has(name);
  for (const fact in facts) {
    if (facts[fact] !== before[fact] && reads.hasFact(name, fact)) return true;
  }
  return false;
}

function toRemedy(candidate: Candidate, question: Question): Remedy {
  switch (candidate) {
    case 'reason-code':
      return { kind: 'reason-code' };
    case 'phr':
    case 'phrh':
      return { kind: 'agent.step-up', acr: candidate, maxAgeSeconds: 0 };
    case 'customer.proof':
      return { kind: 'customer.proof', maxAgeSeconds: 0 };
    case 'approval':
      // A policy that an approval satisfies speaks of an action of the contract: the schema has no other.
      return { kind: 'approval', action: question.action as Action };
  }
}
