import { element } from './element.ts';

/** A text field with its label above and, if there is one, its hint below (WCAG 2.2, 1.3.1 and 3.3.2). */
export function field(
  label: string,
  id: string,
  { hint, ...attributes }: Readonly<Record<string, string>> = {},
): { readonly node: HTMLElement; readonly input: HTMLInputElement } {
  const input = element('input', {
    id,
    autocomplete: 'off',
    ...attributes,
    ...(hint && { 'aria-describedby': `${id}-hint` }),
  });
  const below = hint ? [element('p', { id: `${id}-hint`, class: 'quiet' }, hint)] : [];
  return {
    input,
    node: element('div', { class: 'field' }, element('label', { for: id }, label), input, ...below),
  };
}
