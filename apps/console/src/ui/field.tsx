import { useId, type ComponentProps, type ReactNode } from 'react';

interface FieldText {
  readonly label: string;
  readonly hint?: ReactNode;
  /** What is wrong with the value, in a sentence. */
  readonly error?: string | undefined;
}

interface Wiring {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

function Field({
  label,
  hint,
  error,
  children,
}: FieldText & { readonly children: (wiring: Wiring) => ReactNode }) {
  const id = useId();
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : '']
    .filter(Boolean)
    .join(' ');
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="label-mono text-dim">
        {label}
      </label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-xs text-dim">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-xs text-danger">
          {error}
        </p>
      )}
    </div>
  );
}

/** One line of text with its label. */
export function TextField({
  label,
  hint,
  error,
  className = '',
  ...input
}: FieldText & ComponentProps<'input'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <input autoComplete="off" {...input} {...wiring} className={`control ${className}`} />
      )}
    </Field>
  );
}

/** Several lines of text with their label. */
export function TextAreaField({
  label,
  hint,
  error,
  className = '',
  ...input
}: FieldText & ComponentProps<'textarea'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <textarea rows={2} {...input} {...wiring} className={`control ${className}`} />}
    </Field>
  );
}

export interface Choice<V extends string> {
  readonly value: V;
  readonly label: string;
}

/** A choice from a closed list; `empty` names the choice of nothing. */
export function SelectField<V extends string>({
  label,
  hint,
  error,
  choices,
  empty,
  value,
  onChoose,
  ...select
}: FieldText & {
  readonly choices: readonly Choice<V>[];
  readonly empty?: string;
  readonly value: V | undefined;
  readonly onChoose: (value: V | undefined) => void;
} & Omit<ComponentProps<'select'>, 'value' | 'onChange'>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <select
          {...select}
          {...wiring}
          className="control"
          value={value ?? ''}
          onChange={({ target }) =>
            onChoose(choices.find((choice) => choice.value === target.value)?.value)
          }
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** The entries of a word list as choices. */
export function choicesOf<V extends string>(words: Readonly<Record<V, string>>): Choice<V>[] {
  // `Object.entries` forgets the literal keys that it was given.
  return (Object.entries(words) as [V, string][]).map(([value, label]) => ({ value, label }));
}
