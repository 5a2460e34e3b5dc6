import { element } from './element.ts';

interface Screen {
  readonly title: string;
  readonly body: readonly (Node | string)[];
  /** Colours the heading's mark; the words say it too. */
  readonly mood?: 'good' | 'bad' | 'calm';
}

const MARKS = { good: '✓', bad: '!', calm: '–' } as const;

/** Puts a screen in place of the present one: title, heading, focus on the heading. */
export function show({ title, body, mood }: Screen): void {
  const main = byId('main');
  const heading = element('h1', { tabindex: '-1' }, title);
  const mark = mood && element('p', { class: `mark ${mood}`, 'aria-hidden': 'true' }, MARKS[mood]);
  // What was said about the screen before is true no more: it must not be found beside this one.
  announce('');
  main.replaceChildren(...(mark ? [mark] : []), heading, ...body);
  document.title = title;
  heading.focus();
}

/** Says something to screen readers without moving the focus. */
export function announce(text: string): void {
  byId('announcements').textContent = text;
}

/** The company's name, on top of every screen. */
export function nameCompany(name: string): void {
  byId('company').textContent = name;
}

function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (!found) throw new Error(`index.html has no #${id}`);
  return found;
}
