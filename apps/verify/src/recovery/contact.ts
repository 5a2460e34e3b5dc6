import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';
import { showIncompleteLink } from '../pages/incomplete-link.ts';
import { post } from '../ports/api.ts';
import { secretForm } from '../ports/secret-form.ts';
import { doAct } from './act.ts';
import { failureText } from './failure-text.ts';

/** `/recovery/contact#secret`, signed in: somebody asks to be helped on a bad day. */
export async function showContactInvitation(leave: () => Promise<void>): Promise<void> {
  const secret = location.hash.slice(1);
  history.replaceState(null, '', '/');
  if (!secretForm.test(secret)) {
    return showIncompleteLink(element('p', {}, 'Open the link again, as a whole.'));
  }
  const asked = await post<{ displayName: string }>('/api/customer/recovery/invitation', {
    secret,
  });
  const back = element('p', { class: 'end' }, button('Back to your page', leave));
  if (!asked.ok) {
    return show({
      title: 'This invitation does not work',
      mood: 'calm',
      body: [element('p', {}, failureText(asked.failure)), back],
    });
  }
  const { displayName } = asked.value;
  const notice = createNotice();
  const thanks = () =>
    show({
      title: `You are a contact of ${displayName}`,
      mood: 'good',
      body: [
        element(
          'p',
          {},
          'Your word counts after three days. Sign only when they stand before you.',
        ),
        back,
      ],
    });
  show({
    title: `${displayName} asks for your help`,
    body: [
      element(
        'p',
        { class: 'lead' },
        'If they lose every passkey, two of their contacts see them in person and sign that it is them.',
      ),
      element('p', {}, 'You get no access to their account, and they none to yours.'),
      notice.node,
      button(
        'Accept with your passkey',
        () => doAct({ kind: 'accept-contact', secret }, { say: notice.say, onDone: thanks }),
        'main',
      ),
      back,
    ],
  });
}
