import type { CustomerSelf } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { nameCompany, show } from '../page/screen.ts';
import { read } from '../ports/api.ts';
import { showContactInvitation } from '../recovery/contact.ts';
import { showOwnRecovery } from '../recovery/own.ts';
import { neutral } from '../words.ts';
import { nameCompanyByPage } from './company.ts';
import { showPasskeys } from './passkeys.ts';
import { createSignIn } from './sign-in.ts';
import { showSignInRequests } from './sign-in-requests.ts';
import { showSignedIn } from './signed-in.ts';

const linkedPages: Readonly<Record<string, (leave: () => Promise<void>) => Promise<void> | void>> =
  {
    '/passkeys': showPasskeys,
    '/recovery/own': showOwnRecovery,
    '/requests': showSignInRequests,
  };

/** `/`: the company's own page. */
export async function showHome(): Promise<void> {
  const self = await read<CustomerSelf>('/api/customer/self');
  if (self.ok) {
    nameCompany(self.value.company);
    const { pathname } = location;
    if (pathname === '/recovery/contact') return showContactInvitation(showHome);
    // What messages, and the end of an enrolment, link to.
    const linked = linkedPages[pathname];
    if (linked) {
      history.replaceState(null, '', '/');
      return linked(showHome);
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
  const list = element('div');
  const signIn = createSignIn(list, { say: notice.say, onDone: showHome });
  show({
    title: `Sign in to ${company}`,
    body: [
      element('p', { class: 'lead' }, 'Your passkey is all you need: no password, no code.'),
      notice.node,
      button('Sign in with passkey', signIn.ask, 'main'),
      list,
      element('p', {}, element('a', { href: '/recovery' }, 'I have lost my passkey')),
      element(
        'p',
        { class: 'quiet' },
        `No passkey yet? ${company} sends you a link when you open your account. Nobody on the phone can add one for you.`,
      ),
    ],
  });
  void signIn.offer();
}
