import type { AgreedApplication } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';
import { post, read } from '../ports/api.ts';
import { neutral } from '../words.ts';
import { learnsText } from './application-data.ts';

/** Where the customer has agreed to sign in, and what is learned of them there. `leave` goes back. */
export async function showApplications(leave: () => Promise<void>, said = ''): Promise<void> {
  const agreed = await read<{ applications: AgreedApplication[] }>('/api/customer/applications');
  // Whoever is not signed in any more is asked to, on the own page.
  if (!agreed.ok) return leave();
  const notice = createNotice();
  const again = (text: string) => showApplications(leave, text);
  const { applications } = agreed.value;
  const items = applications.map((one) => applicationItem(one, { say: notice.say, again }));
  show({
    title: 'Where you sign in',
    body: [
      notice.node,
      ...(items.length > 0
        ? [element('ul', { class: 'passkeys' }, ...items)]
        : [
            element(
              'p',
              {},
              'Nowhere yet. What you agree to stands here, and you can take it back.',
            ),
          ]),
      element('p', { class: 'end' }, button('Back to your page', leave)),
    ],
  });
  if (said !== '') notice.say(said);
}

function applicationItem(
  one: AgreedApplication,
  ways: { readonly say: (text: string) => void; readonly again: (text: string) => Promise<void> },
): HTMLElement {
  const { agreedAt, applicationId, host, learns, name } = one;
  const day = new Date(agreedAt).toLocaleDateString('en-GB', { dateStyle: 'medium' });
  const takeBack = async () => {
    ways.say('');
    const done = await post(`/api/customer/applications/${applicationId}/withdrawal`);
    if (done.ok) return ways.again(`You have taken it back. ${name} was signed out.`);
    ways.say(done.failure === 'request.too-many' ? neutral[done.failure] : neutral.network);
  };
  return element(
    'li',
    {},
    element('b', {}, name),
    element('span', { class: 'quiet' }, `at ${host}, agreed ${day}`),
    element('span', { class: 'quiet' }, `It learns ${learnsText(learns).join('; ')}.`),
    button(`Take it back from ${name}`, takeBack, 'danger'),
  );
}
