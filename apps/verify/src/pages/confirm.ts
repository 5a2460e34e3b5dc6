import type { ProofContext } from '@proofline/protocol';
import { element, button } from '../page/element.ts';
import { nameCompany, show } from '../page/screen.ts';
import { nameCompanyByPage } from './company.ts';
import { read } from '../ports/api.ts';
import { doorOfLink } from '../ports/request-door.ts';
import { secretForm } from '../ports/secret-form.ts';
import { neutral } from '../words.ts';
import { showIncompleteLink } from './incomplete-link.ts';
import { showOutcome } from './outcome.ts';
import { showRequest } from './request.ts';

/**
 * `/confirm/{id}#secret`: the link that came to the contact on file.
 *
 * The secret stays in the address, other than that of `/enrol`: there is no cookie in its place. A
 * reload, the back button and “open in the browser” of a mail program, which alone can use a passkey
 * there, all need it; storage would keep it longer than the tab. It ends with the request.
 */
export async function showConfirm(proofRequestId: string): Promise<void> {
  const secret = location.hash.slice(1);
  if (!secretForm.test(secret)) return showIncomplete();
  const door = doorOfLink(proofRequestId, secret);
  const answer = await read<ProofContext>(door.path, door.headers);
  if (answer.ok) {
    nameCompany(answer.value.company);
    if (answer.value.state === 'open') return showRequest(answer.value, door);
    return showOutcome(answer.value.state, answer.value);
  }
  if (answer.failure === 'network' || answer.failure === 'request.too-many') {
    return show({
      title: 'This did not load',
      body: [
        element('p', {}, neutral[answer.failure]),
        button('Try again', () => showConfirm(proofRequestId), 'main'),
      ],
    });
  }
  await nameCompanyByPage();
  show({
    title: 'This request is closed',
    mood: 'calm',
    body: [
      element('p', {}, 'It was answered, withdrawn, or its time is over. Nothing is open.'),
      element('p', {}, 'If you are on a call with us now, ask the agent to send a new one.'),
    ],
  });
}

function showIncomplete(): Promise<void> {
  return showIncompleteLink(
    element(
      'p',
      { class: 'check' },
      'Open the link in the message again. If that does not help, ask the agent to send a new one.',
    ),
    element(
      'p',
      {},
      'The request also waits on ',
      element('a', { href: '/' }, 'your own page'),
      '. Sign in there to see it.',
    ),
  );
}
