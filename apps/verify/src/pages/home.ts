import type { CeremonyOptions, CustomerSelf } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { nameCompany, show } from '../page/screen.ts';
import { post, read } from '../ports/api.ts';
import { usePasskey } from '../ports/passkey.ts';
import { showContactInvitation } from '../recovery/contact.ts';
import { showOwnRecovery } from '../recovery/own.ts';
import { neutral } from '../words.ts';
import { nameCompanyByPage } from './company.ts';
import { showPasskeys } from './passkeys.ts';
import { showSignedIn } from './signed-in.ts';

/** `/`: the company's own page. */
export async function showHome(): Promise<void> {
  const self = await read<CustomerSelf>('/api/customer/self');
  if (self.ok) {
    nameCompany(self.value.company);
    const { pathname } = location;
    if (pathname === '/recovery/contact') return showContactInvitation(showHome);
    // What a message about a change, and the end of an enrolment, link to.
    if (pathname === '/passkeys' || pathname === '/recovery/own') {
      history.replaceState(null, '', '/');
      return pathname === '/passkeys' ? showPasskeys(showHome) : showOwnRecovery(showHome);
    }
    return showSignedIn(self.value, showHome);
  }
  const company = await nameCompanyByPage();
  if (company === undefined) {
    return show({
      title: 'This did not load',
      body: [element('p', {}, neutral.network), button('Try again', showHome, 'main')],
    });
  }
  showSignIn(company);
}

function showSignIn(company: string): void {
  const notice = createNotice();
  show({
    title: `Sign in to ${company}`,
    body: [
      element('p', { class: 'lead' }, 'Your passkey is all you need: no password, no code.'),
      notice.node,
      button('Sign in with passkey', () => signIn(notice.say), 'main'),
      element('p', {}, element('a', { href: '/recovery' }, 'I have lost my passkey')),
      element(
        'p',
        { class: 'quiet' },
        `No passkey yet? ${company} sends you a link when you open your account. Nobody on the phone can add one for you.`,
      ),
    ],
  });
}

async function signIn(say: (text: string) => void): Promise<void> {
  say('');
  const options = await post<CeremonyOptions>('/api/customer/sign-in/options');
  if (!options.ok)
    return say(options.failure === 'request.too-many' ? neutral[options.failure] : neutral.network);
  const prompted = await usePasskey(options.value);
  if (!prompted.ok) {
    if (prompted.why === 'unsupported') return say(neutral.unsupported);
    return say('The passkey prompt was closed. You can open it again.');
  }
  const answer = await post('/api/customer/sign-in', prompted.answer);
  if (answer.ok) return showHome();
  if (answer.failure === 'network' || answer.failure === 'request.too-many') {
    return say(neutral[answer.failure]);
  }
  say('This passkey was not accepted. Try again, or choose another one.');
}
