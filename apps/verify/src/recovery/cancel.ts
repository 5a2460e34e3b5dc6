import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';
import { nameCompanyByPage } from '../pages/company.ts';
import { showIncompleteLink } from '../pages/incomplete-link.ts';
import { post } from '../ports/api.ts';
import { secretForm } from '../ports/secret-form.ts';
import { failureText } from './failure-text.ts';

/** `/recovery/cancel#secret`: the link of a message, which can cancel and nothing else. */
export async function showCancel(): Promise<void> {
  const secret = location.hash.slice(1);
  if (!secretForm.test(secret)) {
    return showIncompleteLink(element('p', {}, 'Open the link in the message again, as a whole.'));
  }
  await nameCompanyByPage();
  const notice = createNotice();
  const cancel = async () => {
    notice.say('');
    const done = await post('/api/customer/recovery/cancel-by-link', { secret });
    if (!done.ok) return notice.say(failureText(done.failure));
    history.replaceState(null, '', '/recovery/cancel');
    show({
      title: 'Cancelled',
      mood: 'good',
      body: [
        element(
          'p',
          {},
          'If a recovery of your account was under way, it has ended. Nothing was changed.',
        ),
        element('p', {}, element('a', { class: 'main', href: '/' }, 'Go to your page')),
      ],
    });
  };
  show({
    title: 'Somebody recovers your account',
    mood: 'bad',
    body: [
      element(
        'p',
        { class: 'lead' },
        'If that is not you, cancel it. If it is you, close this page.',
      ),
      notice.node,
      button('It is not me: cancel it', cancel, 'danger'),
    ],
  });
}
