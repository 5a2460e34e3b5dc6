import type { CeremonyOptions, EnrolmentState } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { nameCompany, show } from '../page/screen.ts';
import { post, type Failure } from '../ports/api.ts';
import { createPasskey } from '../ports/passkey.ts';
import { secretForm } from '../ports/secret-form.ts';
import { neutral } from '../words.ts';
import { nameCompanyByPage } from './company.ts';
import { showIncompleteLink } from './incomplete-link.ts';

/** `/enrol#secret`: the customer's first passkey. */
export async function showEnrol(): Promise<void> {
  const secret = location.hash.slice(1);
  if (secret === '') return showAgain();
  if (!secretForm.test(secret)) return showIncomplete();
  const opened = await post<EnrolmentState>('/api/customer/enrolment/open', { secret });
  if (!opened.ok) return opened.failure === 'network' ? showRetry() : showDead();
  // The link is bound to this device now: its secret need not stay in the history.
  history.replaceState(null, '', '/enrol');
  nameCompany(opened.value.company);
  showInvitation(`Welcome, ${opened.value.greetingName}`, opened.value.company);
}

/** Without its secret, after a reload: this device's cookie says which link it was. */
async function showAgain(): Promise<void> {
  const company = await nameCompanyByPage();
  if (company === undefined) return showRetry();
  showInvitation('Set up your passkey', company);
}

function showInvitation(title: string, company: string): void {
  const notice = createNotice();
  show({
    title,
    body: [
      element(
        'p',
        { class: 'lead' },
        `Set up your passkey for ${company}. With it you confirm that it is you, on a call or here.`,
      ),
      element(
        'ul',
        {},
        element('li', {}, 'It is your phone’s own lock: finger, face or code.'),
        element('li', {}, 'There is nothing to remember and nothing to tell anybody.'),
        element('li', {}, 'Nobody else can add, change or reset it, our staff included.'),
      ),
      notice.node,
      button('Set up passkey', () => register(notice.say), 'main'),
    ],
  });
}

async function register(say: (text: string) => void): Promise<void> {
  say('');
  const options = await post<CeremonyOptions>('/api/customer/enrolment/options');
  if (!options.ok) return fail(options.failure, say);
  const prompted = await createPasskey(options.value);
  if (!prompted.ok) {
    if (prompted.why === 'unsupported') return say(neutral.unsupported);
    if (prompted.why === 'already-there') return say('This device has a passkey for us already.');
    return say('The prompt was closed, and nothing was set up. You can open it again.');
  }
  const registered = await post('/api/customer/enrolment/passkey', prompted.answer);
  if (!registered.ok) return fail(registered.failure, say);
  show({
    title: 'Your passkey is ready',
    mood: 'good',
    body: [
      element('p', {}, 'From now on you confirm with it that it is you. This link is used up.'),
      element(
        'p',
        {},
        'One thing more, for the day on which your phone is lost: nobody can do it for you then.',
      ),
      element(
        'p',
        {},
        element('a', { class: 'main', href: '/recovery/own' }, 'Make your recovery code'),
      ),
      element('p', {}, element('a', { href: '/' }, 'Go to your page')),
    ],
  });
}

async function fail(failure: Failure, say: (text: string) => void): Promise<void> {
  if (failure === 'enrolment.link-dead') return showDead();
  if (failure === 'network' || failure === 'request.too-many') return say(neutral[failure]);
  say('The passkey could not be set up. Try again.');
}

function showIncomplete(): Promise<void> {
  return showIncompleteLink(
    element('p', {}, 'Nothing is lost: open the link in the message again, as a whole.'),
  );
}

async function showDead(): Promise<void> {
  await nameCompanyByPage();
  show({
    title: 'This link does not work',
    mood: 'calm',
    body: [
      element(
        'p',
        {},
        'It was used or replaced, has expired, or was opened on another device first.',
      ),
      element(
        'p',
        {},
        'If you have no passkey yet, ask for a new link where you opened your account. Nobody on the phone can add a passkey for you.',
      ),
      element('p', {}, element('a', { href: '/' }, 'I have a passkey')),
    ],
  });
}

function showRetry(): void {
  show({
    title: 'This did not load',
    body: [element('p', {}, neutral.network), button('Try again', showEnrol, 'main')],
  });
}
