import type { CustomerRecovery, Vouching } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { field } from '../page/field.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';
import { post } from '../ports/api.ts';
import { usePasskey } from '../ports/passkey.ts';
import { neutral } from '../words.ts';
import { failureText } from './failure-text.ts';

type Again = (text: string) => Promise<void>;

/** One's word for somebody who chose one as their contact. */
export function vouchSection({ askedBy }: CustomerRecovery, again: Again): HTMLElement[] {
  const notice = createNotice();
  const code = field('The code on their screen', 'matching', {
    inputmode: 'numeric',
    maxlength: '9',
    hint: 'Eight digits, said to you in person. Never take it from a call or a message.',
  });
  const see = async () => {
    notice.say('');
    const matchingCode = code.input.value.replaceAll(' ', '');
    if (!/^\d{8}$/.test(matchingCode)) return notice.say('Type the eight digits.');
    const asked = await post<Vouching>('/api/customer/recovery/vouch/options', { matchingCode });
    if (!asked.ok) return notice.say(failureText(asked.failure));
    showAsked(asked.value, again);
  };
  return [
    element('h2', {}, 'Sign for somebody'),
    ...(askedBy.length > 0
      ? [element('p', { class: 'check' }, `${askedBy.join(', ')} may ask for your word.`)]
      : []),
    notice.node,
    code.node,
    button('See whom it is for', see),
  ];
}

function showAsked(asked: Vouching, again: Again): void {
  const notice = createNotice();
  const sign = async () => {
    notice.say('');
    const prompted = await usePasskey(asked);
    if (!prompted.ok) {
      return notice.say(prompted.why === 'unsupported' ? neutral.unsupported : neutral.closed);
    }
    const done = await post('/api/customer/recovery/vouch', prompted.answer);
    if (!done.ok) return notice.say(failureText(done.failure));
    await again('You have signed.');
  };
  show({
    title: `Is it ${asked.displayName}?`,
    body: [
      element(
        'p',
        { class: 'lead' },
        'You sign that they stand before you and have lost every passkey.',
      ),
      element(
        'ul',
        {},
        element('li', {}, 'You see them in person: no call, no video, no message.'),
        element('li', {}, 'You know them by face.'),
        element('li', {}, 'They hold the device that shows the code.'),
      ),
      notice.node,
      button('It is them: sign with my passkey', sign, 'main'),
      ' ',
      button('It is not', () => again('')),
    ],
  });
}
