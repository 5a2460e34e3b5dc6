import type { ProofContext } from '@proofline/protocol';
import { element, button } from '../page/element.ts';
import { nameCompany, show } from '../page/screen.ts';
import { nameCompanyByPage } from './company.ts';
import { read } from '../ports/api.ts';
import { neutral } from '../words.ts';
import { showOutcome } from './outcome.ts';
import { showRequest } from './request.ts';

/** `/confirm/{id}`: the link that came to the contact on file. */
export async function showConfirm(proofRequestId: string): Promise<void> {
  const answer = await read<ProofContext>(`/api/customer/proof-requests/${proofRequestId}`);
  if (answer.ok) {
    nameCompany(answer.value.company);
    if (answer.value.state === 'open') return showRequest(answer.value);
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
