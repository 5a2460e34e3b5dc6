import type { ProblemFacts } from './problem-facts.ts';

/** What can be refused of the evidence log. */
export const evidenceProblems = {
  'evidence.unavailable': {
    status: 503,
    text: 'Evidence cannot be made durable now. Look before you repeat it.',
  },
  'evidence.purpose-needed': {
    status: 428,
    text: 'Say first what you read this evidence for.',
  },
  'evidence.unwitnessed': {
    status: 503,
    text: 'Too few witnesses have signed it so far. It is in the log; ask again.',
  },
  'evidence.unknown': { status: 404, text: 'No such entry.' },
} as const satisfies Record<string, ProblemFacts>;
