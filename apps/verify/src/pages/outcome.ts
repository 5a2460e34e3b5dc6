import type { ProofContext } from '@proofline/protocol';
import { element } from '../page/element.ts';
import { show } from '../page/screen.ts';
import { channels } from '../words.ts';

/** How a request ended by the server's word, which is all that is known after a reload. */
type End = Exclude<ProofContext['state'], 'open'>;
/** How it ended by what was done on this page just now. */
type Deed = 'not-me' | 'not-now' | 'number-wrong' | 'passkey-refused';
/** How a request ended, as closely as this page knows. */
export type Outcome = End | Deed;

interface Words {
  readonly title: string;
  readonly mood: 'good' | 'bad' | 'calm';
  readonly says: readonly string[];
}

/** Words for each end: what happened, what it means, the one next step. */
function endsOf(context: ProofContext): Readonly<Record<End, Words>> {
  const agent = context.agentName;
  const talk = channels[context.channel];
  return {
    bound: {
      title: 'You have confirmed',
      mood: 'good',
      says: [
        `${agent} sees it now. Go on with the ${talk}; you can close this page.`,
        `What you opened closes by itself when the ${talk} ends.`,
      ],
    },
    declined: {
      title: 'You said no',
      mood: 'calm',
      says: [`Nothing was opened. If you change your mind, ask ${agent} to send a new request.`],
    },
    cancelled: {
      title: 'The request was withdrawn',
      mood: 'calm',
      says: [
        `${agent} took it back, or the ${talk} ended. Nothing was opened.`,
        'If you are still talking, they can send a new one.',
      ],
    },
    expired: {
      title: 'The time is over',
      mood: 'calm',
      says: [`Nothing was opened. If you are still talking, ask ${agent} to send a new request.`],
    },
    refused: {
      title: 'The request was refused',
      mood: 'bad',
      says: [
        'The number or the passkey did not fit. Nothing was opened.',
        `If you are still talking, ask ${agent} to send a new request.`,
      ],
    },
  };
}

/** The same for what was done here. */
function deedsOf(context: ProofContext): Readonly<Record<Deed, Words>> {
  const { agentName: agent, company } = context;
  return {
    'not-me': {
      title: 'Thank you for telling us',
      mood: 'good',
      says: [
        `${agent} was told that it is not you. Nothing was opened, and what was open on that call is closed.`,
        context.needsNumber
          ? 'Somebody gave your account number, perhaps by a slip. That alone opens nothing, and there is nothing that you must do.'
          : `Did somebody ask you for the code? Then hang up, and call ${company} on the number that you know.`,
      ],
    },
    'not-now': {
      title: 'Not now, then',
      mood: 'calm',
      says: [`Nothing was opened. If you change your mind, ask ${agent} to send a new request.`],
    },
    'number-wrong': {
      title: 'The number does not match',
      mood: 'bad',
      says: [
        'The request was refused. Nothing was opened, and what was open on that call is closed.',
        `A slip of the finger? Ask ${agent} to send a new request. Were you told another number? Then hang up, and call ${company} on the number that you know.`,
      ],
    },
    'passkey-refused': {
      title: 'This passkey does not fit',
      mood: 'bad',
      says: [
        'The request was refused. Nothing was opened, and what was open on that call is closed.',
        `Several people’s passkeys on this device? Ask ${agent} to send a new request, and choose your own.`,
      ],
    },
  };
}

/** The last screen of a request. `next` leads on, where there is somewhere to go. */
export function showOutcome(outcome: Outcome, context: ProofContext, next?: Node): void {
  const { title, mood, says } = { ...endsOf(context), ...deedsOf(context) }[outcome];
  show({
    title,
    mood,
    body: [...says.map((text) => element('p', {}, text)), ...(next ? [next] : [])],
  });
}
