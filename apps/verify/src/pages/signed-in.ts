import type { CustomerSelf, ProofContext } from '@proofline/protocol';
import { countdown } from '../page/countdown.ts';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { pollWhile } from '../page/poll.ts';
import { announce, show } from '../page/screen.ts';
import { post, read } from '../ports/api.ts';
import { doorOfSession } from '../ports/request-door.ts';
import { recoveryBanner } from '../recovery/banner.ts';
import { showOwnRecovery } from '../recovery/own.ts';
import { neutral } from '../words.ts';
import { showApplications } from './applications.ts';
import { showPasskeys } from './passkeys.ts';
import { showRequest } from './request.ts';
import { showSignInRequests, signInRequestBanner } from './sign-in-requests.ts';

/** The request should be there before the agent has said so. */
const POLL_MS = 1000;

type CallCode = NonNullable<CustomerSelf['callCode']>;

/** The signed-in page: a call code on demand, and the request as soon as there is one. */
export function showSignedIn(self: CustomerSelf, reload: () => Promise<void>): void {
  const back = () => button('Back to your page', reload);
  if (self.openRequest) return showOwn(self.openRequest, back);
  const notice = createNotice();
  const place = element('div', { class: 'code-place' });
  const offer = () => place.replaceChildren(...offerCode(self.company, makeCode));
  const showCode = (code: CallCode) => place.replaceChildren(...codeCard(code, offer));
  // The button that had the focus is gone: it moves to the heading of what came instead.
  const focusCard = () => place.querySelector('h2')?.focus();
  const makeCode = async () => {
    const made = await post<CallCode>('/api/customer/call-codes');
    if (!made.ok) {
      return notice.say(
        made.failure === 'request.too-many' ? neutral[made.failure] : neutral.network,
      );
    }
    notice.say('');
    showCode(made.value);
    focusCard();
    announce(`Your call code is ${made.value.code.split('').join(' ')}.`);
  };
  if (self.callCode) showCode(self.callCode);
  else offer();
  show({
    title: `Hello, ${self.greetingName}`,
    body: [
      recoveryBanner(),
      signInRequestBanner(() => showSignInRequests(reload)),
      notice.node,
      place,
      element(
        'p',
        { class: 'end' },
        button('Your passkeys', () => showPasskeys(reload)),
        ' ',
        button('Where you sign in', () => showApplications(reload)),
        ' ',
        button('If you lose your passkey', () => showOwnRecovery(reload)),
        ' ',
        button('Sign out', () => signOut(reload)),
      ),
    ],
  });
  pollWhile(place, POLL_MS, () => lookForRequest(place, { back, reload }));
}

function showOwn(request: ProofContext, back: () => Node): void {
  showRequest(request, doorOfSession(request.proofRequestId), back);
}

async function lookForRequest(
  place: Node,
  { back, reload }: { readonly back: () => Node; readonly reload: () => Promise<void> },
): Promise<void> {
  const now = await read<CustomerSelf>('/api/customer/self');
  if (!place.isConnected) return;
  if (now.ok && now.value.openRequest) {
    showOwn(now.value.openRequest, back);
    announce('The agent has found you. Look at the request before you confirm.');
  }
  // The session ended: the page must not go on looking as if it had not.
  if (!now.ok && (now.failure === 'session.ended' || now.failure === 'token.missing'))
    await reload();
}

function offerCode(company: string, makeCode: () => Promise<void>): Node[] {
  return [
    element('h2', {}, `On a call with ${company}?`),
    element(
      'p',
      {},
      'Get a code for the agent. They find you by it, without a question about you.',
    ),
    button('I am on a call with you', makeCode, 'main'),
  ];
}

function codeCard({ code, expiresAt }: CallCode, onEnd: () => void): Node[] {
  const spoken = code.split('').join(' ');
  return [
    element('h2', { tabindex: '-1' }, 'Read this code to the agent'),
    element(
      'p',
      { class: 'code' },
      element('span', { 'aria-hidden': 'true' }, `${code.slice(0, 3)} ${code.slice(3)}`),
      element('span', { class: 'unseen' }, spoken),
    ),
    countdown({
      expiresAt,
      label: 'left',
      warning: 'After that you can get a new one.',
      onEnd,
    }),
    element(
      'p',
      {},
      'The code only leads the agent to you; it proves nothing. Their request then appears here, and you confirm it with your passkey.',
    ),
    element(
      'p',
      { class: 'check' },
      'Read it out only on a call that you began yourself. Whoever calls you and asks for it is not one of us.',
    ),
  ];
}

async function signOut(reload: () => Promise<void>): Promise<void> {
  await post('/api/customer/sign-out');
  await reload();
}
