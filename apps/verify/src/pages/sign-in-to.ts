import type { CeremonyOptions, CustomerSignInPrompt } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { nameCompany, show } from '../page/screen.ts';
import { post, read, type Failure } from '../ports/api.ts';
import { usePasskey } from '../ports/passkey.ts';
import { neutral } from '../words.ts';
import { learnsText } from './application-data.ts';

type Say = (text: string) => void;

/** `/sign-in/{uid}`: which application asks, where it is, what it learns, and one passkey for all of it. */
export async function showSignInTo(uid: string): Promise<void> {
  const api = `/api/customer/sign-ins/${uid}`;
  const prompt = await read<CustomerSignInPrompt>(api);
  if (!prompt.ok) {
    return prompt.failure === 'network' ? showOffline(() => showSignInTo(uid)) : showOver();
  }
  const { acr, agreed, application, company, terms } = prompt.value;
  const { host, learns, name } = application;
  nameCompany(company);
  const notice = createNotice();
  const answer = () => signIn({ api, terms, say: notice.say });
  show({
    title: `Sign in to ${name}?`,
    body: [
      element(
        'p',
        { class: 'lead' },
        `${name} asks you to sign in, at `,
        element('b', {}, host),
        '.',
      ),
      element('h2', {}, agreed ? 'It learns, as you have agreed' : 'It learns'),
      element('ul', {}, ...learnsText(learns).map((text) => element('li', {}, text))),
      ...(acr
        ? [element('p', {}, 'It takes a passkey that stays on one device, such as a security key.')]
        : []),
      element(
        'p',
        { class: 'check' },
        'Go on only if you came here from there yourself. Whoever calls you and asks for this is not one of us.',
      ),
      notice.node,
      button(agreed ? 'Sign in with passkey' : 'Agree and sign in with passkey', answer, 'main'),
      element(
        'p',
        { class: 'end' },
        button('Do not sign in', () => leave(api)),
      ),
      element('p', { class: 'quiet' }, ...helpTexts(company)),
    ],
  });
}

/** The same for everybody: it says nothing about whether there is an account (P9). */
function helpTexts(company: string): (Node | string)[] {
  return [
    `No passkey yet? ${company} sends you a link when you open your account. `,
    element('a', { href: '/recovery' }, 'I have lost my passkey'),
    '. What you agree to stands on your own page, where you can take it back.',
  ];
}

async function signIn(at: {
  readonly api: string;
  readonly terms: string;
  readonly say: Say;
}): Promise<void> {
  const { api, say, terms } = at;
  say('');
  const options = await post<CeremonyOptions>(`${api}/options`, { terms });
  if (!options.ok) return fail(options.failure, say);
  const prompted = await usePasskey(options.value);
  if (!prompted.ok) {
    const closed = 'The passkey prompt was closed. You can open it again.';
    return say(prompted.why === 'unsupported' ? neutral.unsupported : closed);
  }
  const done = await post<{ redirectTo: string }>(`${api}/assertion`, prompted.answer);
  if (!done.ok) return fail(done.failure, say);
  location.assign(done.value.redirectTo);
}

function fail(failure: Failure, say: Say): void {
  if (failure === 'signin.unknown') return showOver();
  if (failure === 'network' || failure === 'request.too-many') return say(neutral[failure]);
  if (failure === 'ceremony.expired') return say('That took too long. Try again.');
  say('This passkey was not accepted. Try again, or choose another one.');
}

async function leave(api: string): Promise<void> {
  const left = await post<{ redirectTo: string }>(`${api}/cancel`);
  if (left.ok) location.assign(left.value.redirectTo);
  else showOver();
}

function showOver(): void {
  show({
    title: 'This sign-in is over',
    mood: 'calm',
    body: [
      element(
        'p',
        {},
        'It took too long, was begun in another browser, or was answered already. Go back to where you came from, and begin again there.',
      ),
      element('p', {}, element('a', { href: '/' }, 'Your own page')),
    ],
  });
}

function showOffline(again: () => Promise<void>): void {
  show({
    title: 'This did not load',
    body: [element('p', {}, neutral.network), button('Try again', again, 'main')],
  });
}
