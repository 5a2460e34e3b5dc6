import type { ProblemCode } from '@proofline/protocol';

/** What to do next where a refusal brings no remedy and no detail, and there is something to do. */
export const nextSteps: Readonly<Partial<Record<ProblemCode, string>>> = {
  'proof.too-many':
    'Ask the customer to sign in on the company’s page and to read you the call code that it shows.',
  'proof.code-wrong': 'Ask the caller to read it again, or to make a new one on their page.',
  'application.taken':
    'Choose another name. If it is the same application, change what is registered of it.',
  'onboarding.link-dead':
    'Take the newest link that HR gave you, or go on in the browser where you first opened this one. If you have done neither, tell HR at once: somebody else may have.',
};
