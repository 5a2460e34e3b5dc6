import { spanText, type SignInPrompt } from '@proofline/protocol';

type Act = NonNullable<SignInPrompt['act']>;

/** An act as the end of “… asks to”, and what it is called in the title. */
const acts: Readonly<Record<Act['kind'], { readonly title: string; readonly what: string }>> = {
  promote: { title: 'make policies live', what: 'make a candidate live for everybody' },
  stage: { title: 'put policies in force for some', what: 'put a candidate in force for some' },
  'end-stage': {
    title: 'end a stage',
    what: 'let the live policies decide for everybody again',
  },
  vouch: { title: 'vouch for policies', what: 'vouch for a candidate' },
  withdraw: { title: 'withdraw proposed policies', what: 'withdraw a candidate for good' },
  list: { title: 'list the policies', what: 'list releases and candidates of policies' },
  'list-services': { title: 'list the services', what: 'list the services and their keys' },
  'register-service': { title: 'register a service', what: 'let another program in' },
  'widen-service': {
    title: 'change what a service may',
    what: 'give a service other scopes, another rate or another owner',
  },
  'narrow-service': {
    title: 'take something from a service',
    what: 'take something from a service',
  },
  'add-service-key': { title: 'add a key of a service', what: 'give a service another key' },
  'retire-service-key': { title: 'retire a key of a service', what: 'retire a key for good' },
  'suspend-service': { title: 'suspend a service', what: 'suspend a service' },
  'resume-service': { title: 'resume a service', what: 'let a suspended service go on' },
  'remove-service': { title: 'remove a service', what: 'remove a service for good' },
  'search-evidence': {
    title: 'search the evidence',
    what: 'search the evidence for a purpose that you gave it',
  },
  'export-evidence': {
    title: 'export evidence',
    what: 'export evidence for a purpose that you gave it',
  },
  'list-retention': {
    title: 'see what is kept and erased',
    what: 'see how long evidence is kept, what is held and what was erased',
  },
  'request-erasure': { title: 'ask for an erasure', what: 'ask for an erasure of evidence' },
  'forecast-erasure': {
    title: 'see what an erasure would take',
    what: 'see what an erasure of evidence would take',
  },
  'approve-erasure': { title: 'approve an erasure', what: 'erase evidence for good' },
  'decline-erasure': { title: 'decline an erasure', what: 'decline an erasure of evidence' },
  'place-hold': { title: 'place a legal hold', what: 'keep evidence from being erased' },
  'lift-hold': { title: 'lift a legal hold', what: 'lift a legal hold on evidence' },
  'roll-back': {
    title: 'go back to earlier policies',
    what: 'go back to earlier policies for everybody',
  },
};

/** Who asks, for what and why, before the passkey is asked for. */
export function askingText(prompt: SignInPrompt): { readonly title: string; readonly why: string } {
  const { clientName, kind, act, asks, acr, locked, maxAgeSeconds } = prompt;
  if (act !== undefined) {
    const { title, what } = acts[act.kind];
    return {
      title: `Let a program ${title}?`,
      why: `${clientName} asks to ${what}, in your name${aboutText(act)}. Go on only if you have just asked it to; it can do this one thing.`,
    };
  }
  if (asks !== undefined) {
    return {
      title: 'Do you agree?',
      why: `${clientName} asks to do the following in your name. Your passkey is your yes to exactly this.`,
    };
  }
  if (kind === 'login') {
    return {
      title: `Sign in to ${clientName.replace(/^The /, 'the ')}`,
      why: `${clientName} asks who you are.`,
    };
  }
  if (locked) {
    return {
      title: 'This screen is locked',
      why: 'Only the passkey of the colleague who is signed in here opens it. What was typed in a page that was loaded again is gone.',
    };
  }
  const strength = acr === 'phrh' ? 'with your security key' : 'with your passkey';
  const why =
    maxAgeSeconds === undefined
      ? `${clientName} needs a stronger proof of you before it goes on: confirm ${strength}.`
      : `${clientName} needs a proof of you that is at most ${spanText(maxAgeSeconds)} old before it goes on: confirm ${strength}.`;
  return { title: 'Confirm that it is you', why };
}

/** As the pages name it: a service, or what a candidate is for and how its digest begins. */
function aboutText(act: Act): string {
  if ('serviceId' in act) return `: ${act.name ? `“${act.name}”, ` : ''}${act.serviceId}`;
  if ('stageId' in act) return `: ${act.stageId}`;
  if ('erasureId' in act) return `: ${act.erasureId}`;
  if ('holdId' in act) return `: ${act.holdId}`;
  if (!('candidateId' in act)) return '';
  const { candidateId, digest, note } = act;
  const title = note ? `“${note}”, ` : '';
  const content = digest === undefined ? '' : `, digest ${digest.slice(0, 12)}…`;
  return `: ${title}${candidateId}${content}`;
}
