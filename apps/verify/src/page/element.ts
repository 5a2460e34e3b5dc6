import { whileBusy } from './while-busy.ts';

type Child = Node | string;

/**
 * Makes an element. Attributes only, never `innerHTML`: whatever comes from the server is text.
 *
 * @example element('p', { class: 'quiet' }, 'Good morning, ', element('b', {}, name))
 */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** A button that does something. While it does, it says so and takes no second click. */
export function button(
  label: string,
  work: () => Promise<void> | void,
  look: 'main' | 'plain' | 'danger' = 'plain',
): HTMLButtonElement {
  const made = element('button', { type: 'button', class: look }, label);
  made.addEventListener('click', () => {
    if (made.getAttribute('aria-disabled') === 'true') return;
    made.setAttribute('aria-disabled', 'true');
    void whileBusy(made, work).finally(() => made.removeAttribute('aria-disabled'));
  });
  return made;
}
