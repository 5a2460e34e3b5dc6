import type {
  CeremonyOptions,
  CustomerSignInRequest,
  SilencedApplication,
} from '@proofline/protocol';
import { countdown } from '../page/countdown.ts';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { pollWhile } from '../page/poll.ts';
import { announce, show } from '../page/screen.ts';
import { post, read, type Failure } from '../ports/api.ts';
import { usePasskey } from '../ports/passkey.ts';
import { neutral } from '../words.ts';
import { learnsText } from './application-data.ts';

const POLL_MS = 5_000;
const SILENCE_MINUTES = 1_440;
const path = '/api/customer/sign-in-requests';

interface Asked {
  readonly requests: readonly CustomerSignInRequest[];
  readonly silenced: readonly SilencedApplication[];
}

/** On the signed-in page: that an application asks, as soon as one does. */
export function signInRequestBanner(open: () => Promise<void>): HTMLElement {
  const place = element('div', { class: 'banner' });
  let shown: string | undefined;
  const look = async () => {
    const asked = await read<Asked>(path);
    const [request] = asked.ok ? asked.value.requests : [];
    if (!asked.ok || request?.requestId === shown) return;
    shown = request?.requestId;
    place.replaceChildren(
      ...(request
        ? [
            element('p', {}, `${request.applicationName} asks you to sign in.`),
            button('Look at it', open, 'main'),
          ]
        : []),
    );
    if (request) announce(`${request.applicationName} asks you to sign in.`);
  };
  void look();
  pollWhile(place, POLL_MS, look);
  return place;
}

/** `/requests`: what applications ask that are not in this browser, and which of them are silenced. */
export async function showSignInRequests(leave: () => Promise<void>, said = ''): Promise<void> {
  const asked = await read<Asked>(path);
  // Whoever is not signed in any more is asked to, on the own page.
  if (!asked.ok) return leave();
  const notice = createNotice();
  const { requests, silenced } = asked.value;
  const again = (text: string) => showSignInRequests(leave, text);
  const ways = { say: notice.say, again };
  const [request] = requests;
  show({
    title: request ? `Sign in to ${request.applicationName}?` : 'Nobody asks you to sign in',
    body: [
      ...(request
        ? requestParts(request, ways, notice.node)
        : [
            notice.node,
            element('p', {}, 'What asks you from elsewhere stands here while it waits.'),
          ]),
      ...silenced.map((one) => silencedPart(one, ways)),
      element('p', { class: 'end' }, button('Back to your page', leave)),
    ],
  });
  if (said !== '') notice.say(said);
}

interface Ways {
  readonly say: (text: string) => void;
  readonly again: (text: string) => Promise<void>;
}

/** Who asks, with which words to compare, what it learns; then the passkey, or a no. */
function requestParts(request: CustomerSignInRequest, ways: Ways, notice: Node): Node[] {
  const { agreed, applicationName: name, bindingMessage, expiresAt, host, learns } = request;
  const at = `${path}/${request.requestId}`;
  const refuse = (body: { silenceMinutes?: number }) => async () => {
    const done = await post(`${at}/refusal`, body);
    if (!done.ok) return fail(done.failure, ways);
    await ways.again(body.silenceMinutes ? `${name} asks you nothing for a day.` : 'You refused.');
  };
  return [
    element(
      'p',
      { class: 'lead' },
      `${name} asks you to sign in to it, at `,
      element('b', {}, host),
      '.',
    ),
    element('p', {}, 'It shows or says these words there. Compare them:'),
    element('p', { class: 'code' }, bindingMessage),
    element('h2', {}, agreed ? 'It learns, as you have agreed' : 'It learns'),
    element('ul', {}, ...learnsText(learns).map((text) => element('li', {}, text))),
    ...(request.acr === 'phrh'
      ? [element('p', {}, 'It takes a passkey that stays on one device, such as a security key.')]
      : []),
    element(
      'p',
      { class: 'check' },
      'Go on only if you are there yourself at this moment, and the words are the same. Whoever calls you and asks for this is not one of us.',
    ),
    notice,
    button(
      agreed ? 'Allow with passkey' : 'Agree and allow with passkey',
      () => allow(request, ways),
      'main',
    ),
    element(
      'div',
      { class: 'pair' },
      button('Refuse', refuse({}), 'danger'),
      button(
        'Refuse, and nothing more of it for a day',
        refuse({ silenceMinutes: SILENCE_MINUTES }),
      ),
    ),
    countdown({
      expiresAt,
      label: 'left to answer',
      warning: `If it runs out, begin again at ${name}.`,
      onEnd: () => void ways.again('It took too long. Begin again where you are.'),
    }),
  ];
}

async function allow(request: CustomerSignInRequest, ways: Ways): Promise<void> {
  ways.say('');
  const options = await post<CeremonyOptions>(`${path}/${request.requestId}/ceremony`);
  if (!options.ok) return fail(options.failure, ways);
  const prompted = await usePasskey(options.value);
  if (!prompted.ok)
    return ways.say(prompted.why === 'unsupported' ? neutral.unsupported : neutral.closed);
  const done = await post(`${path}/proof`, prompted.answer);
  if (!done.ok) return fail(done.failure, ways);
  await ways.again(`You have signed in to ${request.applicationName}. Go on there.`);
}

async function fail(failure: Failure, { again, say }: Ways): Promise<void> {
  if (failure === 'sign-in-request.unknown')
    return again('This request is over. Begin again where you are.');
  if (failure === 'network' || failure === 'request.too-many') return say(neutral[failure]);
  if (failure === 'sign-in-request.level')
    return say('None of your passkeys is of the kind that it asks for.');
  if (failure === 'session.ended' || failure === 'token.missing') return say(neutral.signedOut);
  say('This passkey was not accepted. Try again, or choose another one.');
}

function silencedPart({ applicationId, applicationName }: SilencedApplication, ways: Ways): Node {
  const hear = async () => {
    const done = await post(`/api/customer/silenced-applications/${applicationId}/end`);
    if (done.ok) return ways.again(`${applicationName} may ask you again.`);
    return fail(done.failure, ways);
  };
  return element(
    'p',
    {},
    `${applicationName} may not ask you anything. `,
    button(`Let ${applicationName} ask again`, hear),
  );
}
