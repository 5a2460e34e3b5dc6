import { button, element } from '../page/element.ts';
import { show } from '../page/screen.ts';
import { dayOf } from './words.ts';

/** The code, once: it stands nowhere else. */
export function showCode(code: string, done: () => Promise<void>): void {
  show({
    title: 'Write this down now',
    body: [
      element('p', { class: 'lead' }, 'It is not shown again, and nobody here can read it.'),
      element('p', { class: 'code long' }, code),
      element(
        'p',
        { class: 'check' },
        'Keep it where your phone is not. Never tell it to anybody: nobody of us asks for it.',
      ),
      element(
        'p',
        { class: 'pair' },
        button('Print it', () => print()),
        button('I have written it down', done, 'main'),
      ),
    ],
  });
}

/** A link for somebody whom the customer trusts; they hand it over themselves. */
export function showInvitation(
  { expiresAt, link }: { readonly link: string; readonly expiresAt: string },
  done: () => Promise<void>,
): void {
  show({
    title: 'Give this to your contact',
    body: [
      element('p', { class: 'lead' }, 'They open it, sign in, and accept with their own passkey.'),
      element('p', { class: 'link' }, link),
      element('p', { class: 'quiet' }, `Good once, until ${dayOf(expiresAt)}.`),
      button('Copy it', () => navigator.clipboard.writeText(link)),
      ' ',
      button('Done', done, 'main'),
    ],
  });
}
