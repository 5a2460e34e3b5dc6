import type { CustomerRecovery } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { pollWhile } from '../page/poll.ts';
import { announce } from '../page/screen.ts';
import { post, read } from '../ports/api.ts';
import { doAct } from './act.ts';
import { failureText } from './failure-text.ts';

const POLL_MS = 5_000;

/** On the signed-in page: a recovery of one's own account, which one tap ends. */
export function recoveryBanner(): HTMLElement {
  const place = element('div', { class: 'banner' });
  let isShown = false;
  const look = async () => {
    const own = await read<CustomerRecovery>('/api/customer/recovery');
    if (!own.ok || isShown === (own.value.open !== undefined)) return;
    isShown = own.value.open !== undefined;
    place.replaceChildren(...(isShown ? warning(look) : []));
    if (isShown) announce('Somebody recovers your account. If that is not you, cancel it.');
  };
  void look();
  pollWhile(place, POLL_MS, look);
  return place;
}

function warning(look: () => Promise<void>): HTMLElement[] {
  const notice = createNotice();
  const withPasskey = button(
    'Cancel with your passkey',
    () => doAct({ kind: 'cancel' }, { say: notice.say, onDone: look }),
    'danger',
  );
  const cancel = async () => {
    notice.say('');
    const done = await post('/api/customer/recovery/cancel');
    if (done.ok) return look();
    notice.say(failureText(done.failure));
    if (done.failure === 'recovery.touch-needed') tap.replaceWith(withPasskey);
  };
  const tap = button('It is not me: cancel it', cancel, 'danger');
  return [
    element('h2', {}, 'Somebody recovers your account'),
    element(
      'p',
      {},
      'They say that they are you and have lost every passkey. You are told of each step.',
    ),
    notice.node,
    tap,
  ];
}
