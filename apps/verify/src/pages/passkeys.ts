import type {
  AuthenticatorEvent,
  CeremonyOptions,
  OwnAct,
  OwnAuthenticator,
  OwnAuthenticators,
} from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';
import { post, read, type Failure } from '../ports/api.ts';
import { createPasskey, usePasskey } from '../ports/passkey.ts';
import { signalGone } from '../ports/signal-passkeys.ts';
import { neutral } from '../words.ts';
import { askName } from './passkey-name.ts';

type Say = (text: string) => void;

/** `/passkeys`: the customer's own passkeys, and what became of them. `leave` goes back. */
export async function showPasskeys(leave: () => Promise<void>, said = ''): Promise<void> {
  const own = await read<OwnAuthenticators>('/api/customer/passkeys');
  // Whoever is not signed in any more is asked to, on the own page.
  if (!own.ok) return leave();
  void signalGone(own.value);
  const notice = createNotice();
  const again = (text: string) => showPasskeys(leave, text);
  const { authenticators, channels, history, most } = own.value;
  const items = authenticators.map((one) => passkeyItem(one, { say: notice.say, again }));
  show({
    title: 'Your passkeys',
    body: [
      notice.node,
      element('ul', { class: 'passkeys' }, ...items),
      ...(authenticators.length === 1
        ? [element('p', {}, 'You have one. Add a second, on another device, while you can.')]
        : []),
      ...(authenticators.length < most
        ? [button('Add a passkey', () => addPasskey({ again, leave }), 'main')]
        : []),
      element('h2', {}, 'Where we tell you'),
      element('p', {}, toldText(channels)),
      element('h2', {}, 'What happened to them'),
      element('ol', { class: 'history' }, ...history.map((event) => historyItem(event))),
      element('p', { class: 'end' }, button('Back to your page', leave)),
    ],
  });
  if (said !== '') notice.say(said);
}

function toldText(channels: OwnAuthenticators['channels']): string {
  const [channel] = channels;
  if (!channel) return 'No address of yours is on file. Changes are told here only.';
  const what =
    channel.kind === 'sms' ? 'Each change, by text message to' : 'Each change, by mail to';
  return `${what} ${channel.masked}.`;
}

function passkeyItem(
  one: OwnAuthenticator,
  { say, again }: { readonly say: Say; readonly again: (text: string) => Promise<void> },
): HTMLElement {
  const { authenticatorId, kind, label, lastUsedAt, refusal, registeredAt } = one;
  const where = kind === 'synced' ? 'on all devices of one account' : 'on one device';
  const used = lastUsedAt === undefined ? 'not used yet' : `used ${dayOf(lastUsedAt)}`;
  const act: OwnAct = { kind: 'remove', authenticatorId };
  const remove = button(
    `Remove ${label}`,
    () => prove(act, say, () => again(`“${label}” was removed.`)),
    'danger',
  );
  return element(
    'li',
    {},
    element('b', {}, label),
    element('span', { class: 'quiet' }, `${where}, added ${dayOf(registeredAt)}, ${used}`),
    refusal ? element('span', { class: 'quiet' }, 'Your only one stays.') : remove,
  );
}

async function addPasskey(ways: {
  readonly again: (text: string) => Promise<void>;
  readonly leave: () => Promise<void>;
}): Promise<void> {
  const { again } = ways;
  askName({
    back: () => again(''),
    onName: (label, say) =>
      prove({ kind: 'add', label }, say, async (registration) => {
        if (registration) showNewOne(registration, { again, label });
      }),
  });
}

/** The second touch has a button of its own: some browsers open a prompt on a press only. */
function showNewOne(
  registration: CeremonyOptions,
  { again, label }: { readonly again: (text: string) => Promise<void>; readonly label: string },
): void {
  const notice = createNotice();
  show({
    title: 'Now the new one',
    body: [
      element('p', { class: 'lead' }, 'You have confirmed. Take the other device to hand.'),
      notice.node,
      button(
        'Make the new passkey',
        () => register(registration, { say: notice.say, again, label }),
        'main',
      ),
      element(
        'p',
        { class: 'end' },
        button('Leave it', () => again('')),
      ),
    ],
  });
}

async function register(
  registration: CeremonyOptions,
  to: {
    readonly say: Say;
    readonly again: (text: string) => Promise<void>;
    readonly label: string;
  },
): Promise<void> {
  const { again, label, say } = to;
  say('');
  const prompted = await createPasskey(registration);
  if (!prompted.ok) {
    if (prompted.why === 'unsupported') return say(neutral.unsupported);
    if (prompted.why === 'already-there') return say('This device has one already. Take another.');
    return say('The prompt was closed, and nothing was added. You can open it again.');
  }
  const added = await post('/api/customer/passkeys/registration', prompted.answer);
  if (added.ok) return again(`“${label}” was added.`);
  say(failureText(added.failure));
}

/** A passkey that one has signs this very change. */
async function prove(
  act: OwnAct,
  say: Say,
  onDone: (registration: CeremonyOptions | undefined) => Promise<void>,
): Promise<void> {
  say('');
  const options = await post<CeremonyOptions>('/api/customer/passkeys/acts', { act });
  if (!options.ok) return say(failureText(options.failure));
  const prompted = await usePasskey(options.value);
  if (!prompted.ok) {
    return say(prompted.why === 'unsupported' ? neutral.unsupported : neutral.closed);
  }
  const path = '/api/customer/passkeys/proof';
  const proved = await post<{ registration?: CeremonyOptions }>(path, prompted.answer);
  if (!proved.ok) return say(failureText(proved.failure));
  await onDone(proved.value.registration);
}

function failureText(failure: Failure): string {
  if (failure === 'network' || failure === 'request.too-many') return neutral[failure];
  if (failure === 'session.ended' || failure === 'token.missing') return neutral.signedOut;
  if (failure === 'ceremony.expired') return 'That took too long. Begin again.';
  if (failure === 'authenticator.known') return 'This device has one already. Take another.';
  if (failure === 'authenticator.unknown') return 'This passkey is gone already.';
  return 'This was not accepted, and nothing has changed. Try again with another passkey.';
}

const tried = {
  'sign-in': 'A sign-in was refused',
  add: 'Adding one was refused',
  rename: 'Renaming one was refused',
  remove: 'Removing one was refused',
} as const;

function historyItem({ at, kind, label, tried: what }: AuthenticatorEvent): HTMLElement {
  const it = label === undefined ? 'One' : `“${label}”`;
  const texts = {
    registered: 'Your first one was set up',
    added: `${it} was added`,
    renamed: `One is called ${it} now`,
    removed: `${it} was removed`,
    'level-changed': `${it} counts otherwise than before`,
    refused: tried[what ?? 'sign-in'],
  };
  return element('li', {}, `${texts[kind]}, ${dayOf(at)}.`);
}

function dayOf(isoTime: string): string {
  return new Date(isoTime).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
