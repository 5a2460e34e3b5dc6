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
  'evidence.erased': { status: 410, text: 'This entry was erased. Its place in the log is left.' },
  'erasure.nothing': { status: 404, text: 'There is nothing of this in the log.' },
  'erasure.held': { status: 409, text: 'A legal hold stands in the way. Nothing is erased.' },
  'erasure.not-permitted': { status: 409, text: 'This cannot be erased, or not yet.' },
  'erasure.too-many': {
    status: 409,
    text: 'Twenty erasures wait already. Answer those first.',
  },
  'erasure.closed': { status: 409, text: 'This erasure was answered before.' },
  'erasure.not-yours': {
    status: 403,
    text: 'Nobody approves an erasure that they asked for themselves.',
  },
  'hold.too-many': { status: 409, text: 'Two hundred holds stand already. Lift one first.' },
  'hold.closed': { status: 409, text: 'This hold was lifted before.' },
  'hold.not-yours': { status: 403, text: 'Nobody lifts a hold that they placed themselves.' },
} as const satisfies Record<string, ProblemFacts>;
