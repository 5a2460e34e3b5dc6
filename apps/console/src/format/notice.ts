import { explain, inOrder, problems } from '@proofline/protocol';
import { OAuthError } from '../api/oidc.ts';
import { isRefusal, NoAnswer, NotConfirmed, type Refusal, type Silence } from '../api/refusal.ts';
import { nextSteps } from './next-steps.ts';
import { neededFirst } from './remedies.ts';

/** An error as a screen says it: what happened, why, what next, and the id to quote. */
export interface NoticeText {
  /** `step`: nothing went wrong; something is to be done first. */
  readonly kind: 'problem' | 'step';
  readonly title: string;
  readonly reasons: readonly string[];
  readonly nextStep?: string;
  readonly requestId?: string;
  /** The page that explains this kind of refusal. */
  readonly helpPath?: string;
}

/** RFC 9457 `type` of our own server; nothing else becomes a link. */
const ERROR_PAGE = /^\/docs\/errors\/[a-z.-]{1,60}$/;

/** No answer is no refusal, and is not told as one. */
const silences: Readonly<Record<Exclude<Silence, 'unclear'>, NoticeText>> = {
  'not-sent': {
    kind: 'problem',
    title: 'You are offline, so nothing was sent.',
    reasons: [],
    nextStep:
      'What you typed is still here. Send it yourself when the connection is back; nothing is sent later by itself.',
  },
  'not-known': {
    kind: 'problem',
    title: 'The server does not answer.',
    reasons: ['This is no refusal. A change that you sent may still be carried out.'],
    nextStep: 'What you typed is still here. Look whether it happened before you send it again.',
  },
  'not-read': {
    kind: 'problem',
    title: 'The server does not answer.',
    reasons: ['This is no refusal, and nothing was changed.'],
    nextStep: 'It is read again by itself when the server answers.',
  },
};

/** Turns whatever was thrown into sentences. Never shows a stack or a code alone. */
export function noticeOf(error: unknown): NoticeText {
  if (isRefusal(error)) return noticeOfRefusal(error);
  if (error instanceof NotConfirmed) {
    return {
      kind: 'problem',
      title: 'You did not confirm, so nothing was sent.',
      reasons: [],
      nextStep: 'What you typed is still here. Try again when you are ready.',
    };
  }
  if (error instanceof OAuthError) {
    return {
      kind: 'problem',
      title: 'The sign-in was not completed.',
      reasons: [],
      nextStep: 'Start it again.',
    };
  }
  if (error instanceof NoAnswer && error.silence !== 'unclear') return silences[error.silence];
  return {
    kind: 'problem',
    title: 'The server did not answer as it should. Nothing is assumed to have happened.',
    reasons: [],
    nextStep: 'Check your connection and try again.',
  };
}

function noticeOfRefusal(error: Refusal): NoticeText {
  const { type, code, detail, reasons = [], remedies = [], requestId } = error.problem;
  const next = inOrder(remedies)[0];
  const needed = next && neededFirst(next);
  const { because, change } = explain({ effect: 'deny', forbidden: true, reasons, remedies });
  // A reason that says what is needed, and of what, says it once: as the heading.
  const heading =
    needed && because.find((text) => text.toLowerCase().endsWith(needed.toLowerCase()));
  // The detail of a decided refusal is these same sentences.
  const nextStep = next
    ? change.join(' ')
    : because.length === 0
      ? (detail ?? nextSteps[code])
      : undefined;
  return {
    // A refusal that can be turned is headed by what turns it, not by the door that is still shut.
    kind: next ? 'step' : 'problem',
    title: heading ?? needed ?? problems[code].text,
    reasons: because.filter((text) => text !== heading),
    ...(nextStep ? { nextStep } : {}),
    ...(requestId ? { requestId } : {}),
    ...(ERROR_PAGE.test(type) ? { helpPath: type } : {}),
  };
}
