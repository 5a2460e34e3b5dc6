import type { RecoveryProgress } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { field } from '../page/field.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';
import { nameCompanyByPage } from '../pages/company.ts';
import { post, read } from '../ports/api.ts';
import { neutral } from '../words.ts';
import { failureText } from './failure-text.ts';
import { showProgress } from './progress.ts';

/** `/recovery`: the way back for whoever has lost every passkey. */
export async function showRecovery(): Promise<void> {
  const company = await nameCompanyByPage();
  const begun = await read<RecoveryProgress>('/api/customer/recovery/state');
  if (begun.ok && begun.value.state !== 'expired' && begun.value.state !== 'cancelled') {
    return showProgress(begun.value, showBeginning);
  }
  if (company === undefined) {
    return show({
      title: 'This did not load',
      body: [element('p', {}, neutral.network), button('Try again', showRecovery, 'main')],
    });
  }
  showBeginning();
}

function showBeginning(): void {
  const notice = createNotice();
  const account = field('Your account number', 'account', {
    maxlength: '40',
    hint: 'It stands on every bill.',
  });
  show({
    title: 'I have lost my passkey',
    body: [
      element(
        'p',
        { class: 'lead' },
        'Is there one left, on another device? Sign in with that, and you need none of this.',
      ),
      element(
        'ol',
        {},
        element(
          'li',
          {},
          'You give two different proofs: your recovery code, two of your contacts, or two of our officers whom you visit.',
        ),
        element('li', {}, 'You wait, and we tell you of each step where you can stop it.'),
        element('li', {}, 'You come back here, in this browser, and make a new passkey.'),
      ),
      element('p', { class: 'check' }, 'Nobody on the phone can do any of it for you.'),
      notice.node,
      account.node,
      button('Begin', () => begin(account.input.value, notice.say), 'main'),
      element('p', { class: 'end' }, element('a', { href: '/' }, 'I have a passkey')),
    ],
  });
}

async function begin(accountNumber: string, say: (text: string) => void): Promise<void> {
  if (accountNumber.trim() === '') return say('Type your account number.');
  const begun = await post<RecoveryProgress>('/api/customer/recovery/start', { accountNumber });
  if (!begun.ok) return say(failureText(begun.failure));
  showProgress(begun.value, showBeginning);
}
