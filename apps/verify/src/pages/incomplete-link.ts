import { element } from '../page/element.ts';
import { show } from '../page/screen.ts';
import { nameCompanyByPage } from './company.ts';

/** A link whose end is missing; `next` says what to do. The server, which would say no, is not asked. */
export async function showIncompleteLink(...next: readonly HTMLElement[]): Promise<void> {
  await nameCompanyByPage();
  const why =
    'Its end is missing. That happens when it is typed by hand, or when a mail program cuts it.';
  show({
    title: 'This link is not complete',
    mood: 'calm',
    body: [element('p', {}, why), ...next],
  });
}
