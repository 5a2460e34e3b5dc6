import { element } from '../page/element.ts';

/** The field for the two digits that the agent reads out. */
export interface NumberField {
  readonly node: HTMLElement;
  value(): string;
  /** Whether it can be sent; otherwise says what is missing, at the field. */
  check(): boolean;
}

/** Makes the field, with its label, hint and error where WCAG 2.2 (1.3.1, 3.3.1) wants them. */
export function createNumberField(agent: string): NumberField {
  const input = element('input', {
    id: 'number',
    inputmode: 'numeric',
    autocomplete: 'off',
    maxlength: '2',
    pattern: '[0-9]{2}',
    'aria-describedby': 'number-error',
  });
  const label = element('label', { for: 'number' }, `The two digits that ${agent} reads out`);
  const error = element('p', { id: 'number-error', class: 'error', role: 'alert' });
  return {
    node: element('div', { class: 'digits' }, label, input, error),
    value: () => input.value,
    check() {
      const isGood = /^\d{2}$/.test(input.value);
      input.setAttribute('aria-invalid', String(!isGood));
      error.textContent = isGood ? '' : 'Type the two digits, for example 07.';
      if (!isGood) input.focus();
      return isGood;
    },
  };
}
