import type { CeremonyOptions, RecoveryProgress } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { field } from '../page/field.ts';
import { createNotice } from '../page/notice.ts';
import { pollWhile } from '../page/poll.ts';
import { show } from '../page/screen.ts';
import { post, read } from '../ports/api.ts';
import { createPasskey } from '../ports/passkey.ts';
import { neutral } from '../words.ts';
import { failureText } from './failure-text.ts';
import { dayOf, shortened } from './words.ts';

const POLL_MS = 2_000;

type Restart = () => void;

/** Where the recovery of this browser stands, and the one next step. */
export function showProgress(progress: RecoveryProgress, restart: Restart): void {
  const { state } = progress;
  const marker = element('ul');
  if (state === 'collecting') collect(progress, { marker, restart });
  else if (state === 'waiting') wait(progress, marker);
  else if (state === 'ready') ready(restart);
  else end(state, restart);
  if (state === 'collecting' || state === 'waiting') {
    pollWhile(marker, POLL_MS, () => lookAgain(progress, { marker, restart }));
  }
}

interface At {
  /** On the screen for as long as this is what it shows. */
  readonly marker: HTMLElement;
  readonly restart: Restart;
}

async function lookAgain(before: RecoveryProgress, { marker, restart }: At): Promise<void> {
  const now = await read<RecoveryProgress>('/api/customer/recovery/state');
  if (!now.ok || !marker.isConnected) return;
  const { codeAccepted, state } = now.value;
  // Somebody may be typing their code meanwhile: what is beside it changes where it stands.
  if (state === 'collecting' && codeAccepted === before.codeAccepted) {
    marker.replaceChildren(...proofs(now.value));
  } else if (JSON.stringify(now.value) !== JSON.stringify(before)) showProgress(now.value, restart);
}

function proofs({ codeAccepted, contactsSigned, officersSigned }: RecoveryProgress): HTMLElement[] {
  return [
    `Recovery code: ${codeAccepted ? 'accepted' : 'not given'}`,
    `Contacts who signed: ${contactsSigned} of 2`,
    `Officers who signed: ${officersSigned} of 2`,
  ].map((text) => element('li', {}, text));
}

function collect(progress: RecoveryProgress, { marker, restart }: At): void {
  const { codeAccepted, expiresAt, matchingCode } = progress;
  marker.replaceChildren(...proofs(progress));
  const spoken = matchingCode.split('').join(' ');
  show({
    title: 'Give two proofs',
    body: [
      ...shortened(progress.wait),
      element(
        'p',
        {},
        'Say this code, in person, to two of your contacts, or to two officers whom you visit. They type it and sign with their own passkey. Never say it on a call.',
      ),
      element(
        'p',
        { class: 'code' },
        element(
          'span',
          { 'aria-hidden': 'true' },
          `${matchingCode.slice(0, 4)} ${matchingCode.slice(4)}`,
        ),
        element('span', { class: 'unseen' }, `Matching code ${spoken}`),
      ),
      marker,
      ...(codeAccepted ? [] : giveCode(restart)),
      element('p', { class: 'quiet' }, `The proofs must come together by ${dayOf(expiresAt)}.`),
    ],
  });
}

function giveCode(restart: Restart): HTMLElement[] {
  const notice = createNotice();
  const code = field('Your recovery code', 'code', {
    maxlength: '29',
    spellcheck: 'false',
    autocapitalize: 'none',
    hint: '25 signs in five groups, if you made one.',
  });
  const give = async () => {
    notice.say('');
    const typed = { code: code.input.value.trim().toLowerCase() };
    const given = await post<RecoveryProgress>('/api/customer/recovery/code', typed);
    if (given.ok) return showProgress(given.value, restart);
    notice.say(
      given.failure === 'request.malformed'
        ? failureText('recovery.code-refused')
        : failureText(given.failure),
    );
  };
  return [notice.node, code.node, button('Give the code', give, 'main')];
}

function wait({ readyAt, wait: rule }: RecoveryProgress, marker: HTMLElement): void {
  marker.hidden = true;
  show({
    title: 'Both proofs are there. Now you wait.',
    mood: 'calm',
    body: [
      ...shortened(rule),
      element('p', { class: 'lead' }, `Come back in this browser on ${dayOf(readyAt ?? '')}.`),
      element(
        'p',
        {},
        'We tell you of it meanwhile. Whoever is signed in as you, or has one of the messages, can cancel.',
      ),
      marker,
    ],
  });
}

function ready(restart: Restart): void {
  const notice = createNotice();
  show({
    title: 'Make your new passkey',
    body: [
      element(
        'p',
        { class: 'lead' },
        'Every earlier passkey, every session and every proof of yours ends with it.',
      ),
      notice.node,
      button('Make your new passkey', () => register(notice.say, restart), 'main'),
    ],
  });
}

async function register(say: (text: string) => void, restart: Restart): Promise<void> {
  say('');
  const options = await post<CeremonyOptions>('/api/customer/recovery/passkey/options');
  if (!options.ok) return say(failureText(options.failure));
  const prompted = await createPasskey(options.value);
  if (!prompted.ok) {
    return say(prompted.why === 'unsupported' ? neutral.unsupported : neutral.closed);
  }
  const made = await post<RecoveryProgress>('/api/customer/recovery/passkey', prompted.answer);
  if (!made.ok) return say(failureText(made.failure));
  showProgress(made.value, restart);
}

function end(state: RecoveryProgress['state'], restart: Restart): void {
  if (state === 'completed') {
    return show({
      title: 'You are back',
      mood: 'good',
      body: [
        element(
          'p',
          {},
          'Your new passkey is the only one. Your recovery code is used up: make a new one.',
        ),
        element('p', {}, 'For seven days some things stay closed, whoever asks for them.'),
        element('p', {}, element('a', { class: 'main', href: '/recovery/own' }, 'Sign in')),
      ],
    });
  }
  show({
    title: state === 'cancelled' ? 'This recovery was cancelled' : 'This recovery ran out',
    mood: 'bad',
    body: [
      element(
        'p',
        {},
        state === 'cancelled'
          ? 'It was done where you are signed in, or by the link of a message. If that was not you, call us.'
          : 'Nothing was changed.',
      ),
      button('Begin again', restart, 'main'),
    ],
  });
}
