import type { CustomerRecovery } from '@proofline/protocol';
import { button, element } from '../page/element.ts';
import { createNotice } from '../page/notice.ts';
import { show } from '../page/screen.ts';
import { read } from '../ports/api.ts';
import { doAct } from './act.ts';
import { drawCode } from './draw-code.ts';
import { showCode, showInvitation } from './given.ts';
import { vouchSection } from './vouch.ts';
import { dayOf, shortened } from './words.ts';

type Leave = () => Promise<void>;

/** `/recovery/own`: what the customer lays by for the day on which every passkey is lost. */
export async function showOwnRecovery(leave: Leave, said = ''): Promise<void> {
  const answer = await read<CustomerRecovery>('/api/customer/recovery');
  // Whoever is not signed in any more is asked to, on the own page.
  if (!answer.ok) return leave();
  const own = answer.value;
  const notice = createNotice();
  const again = (text: string) => showOwnRecovery(leave, text);
  const at = { say: notice.say, again };
  show({
    title: 'If you lose your passkey',
    body: [
      ...shortened(own.wait),
      element(
        'p',
        { class: 'lead' },
        'You come back with two different proofs. Lay them by now: nobody can do it for you later.',
      ),
      ...(own.cappedUntil
        ? [
            element(
              'p',
              { class: 'check' },
              `Your account was recovered: some things stay closed until ${dayOf(own.cappedUntil)}.`,
            ),
          ]
        : []),
      ...(own.channels === 0
        ? [
            element(
              'p',
              { class: 'check' },
              'No address of yours is on file: without one nobody could warn you, so no recovery begins.',
            ),
          ]
        : []),
      notice.node,
      ...codeSection(own, at),
      ...contactsSection(own, at),
      ...vouchSection(own, again),
      element('p', { class: 'end' }, button('Back to your page', leave)),
    ],
  });
  if (said !== '') notice.say(said);
}

interface At {
  readonly say: (text: string) => void;
  readonly again: (text: string) => Promise<void>;
}

function codeSection({ codeMadeAt }: CustomerRecovery, { again, say }: At): HTMLElement[] {
  const code = drawCode();
  const make = () =>
    doAct({ kind: 'seal-code' }, { say, code, onDone: () => showCode(code, () => again('')) });
  return [
    element('h2', {}, 'Your recovery code'),
    element(
      'p',
      {},
      codeMadeAt
        ? `You have one, made ${dayOf(codeMadeAt)}. A new one makes it void.`
        : 'You have none. It is shown once; keep it where your phone is not.',
    ),
    button(codeMadeAt ? 'Make a new code' : 'Make a code', make, codeMadeAt ? 'plain' : 'main'),
  ];
}

function contactsSection(own: CustomerRecovery, { again, say }: At): HTMLElement[] {
  const { contacts, contactsMost } = own;
  const invite = () =>
    doAct(
      { kind: 'invite-contact' },
      {
        say,
        onDone: ({ invitation }) => {
          if (invitation) showInvitation(invitation, () => again(''));
        },
      },
    );
  return [
    element('h2', {}, 'Your contacts'),
    element(
      'p',
      {},
      'People whom you trust, with a passkey here. Two of them see you in person and sign. Each counts after three days.',
    ),
    contacts.length === 0
      ? element('p', {}, 'You have none.')
      : contactList(contacts, { again, say }),
    ...(contacts.length < contactsMost ? [button('Invite a contact', invite)] : []),
  ];
}

function contactList(contacts: CustomerRecovery['contacts'], { again, say }: At): HTMLElement {
  return element(
    'ul',
    { class: 'passkeys' },
    ...contacts.map(({ contactId, countsFrom, displayName }) =>
      element(
        'li',
        {},
        element('b', {}, displayName),
        element('span', { class: 'quiet' }, `counts from ${dayOf(countsFrom)}`),
        button(
          `Remove ${displayName}`,
          () =>
            doAct(
              { kind: 'remove-contact', contactId },
              { say, onDone: () => again(`${displayName} was removed.`) },
            ),
          'danger',
        ),
      ),
    ),
  );
}
