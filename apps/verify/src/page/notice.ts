import { element } from './element.ts';

/** A place on a screen for what went otherwise than hoped: shown, focused, and read out. */
export function createNotice(): { readonly node: HTMLElement; say(text: string): void } {
  const node = element('p', { class: 'notice', role: 'alert', tabindex: '-1' });
  node.hidden = true;
  return {
    node,
    say(text) {
      node.hidden = text === '';
      node.textContent = text;
      if (text !== '') node.focus();
    },
  };
}
