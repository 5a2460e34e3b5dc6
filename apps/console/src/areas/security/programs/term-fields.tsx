import { actions, type Action } from '@proofline/protocol';
import type { Id } from '@proofline/kernel';
import { TextField } from '../../../ui/field.tsx';
import { PersonField } from '../person-field.tsx';

/** Who answers for a program: somebody who works here. */
export function OwnerField({
  known,
  value,
  onChoose,
}: {
  readonly known: { readonly subjectId: Id<'stf'>; readonly displayName: string } | undefined;
  readonly value: Id<'stf'> | undefined;
  readonly onChoose: (ownerId: Id<'stf'>) => void;
}) {
  return (
    <PersonField
      label="Who answers for it"
      hint="When they leave, it keeps only what weighs little until somebody else does."
      onlyActive
      known={known}
      value={value}
      onChoose={(owning) => owning && onChoose(owning)}
    />
  );
}

/** How many requests a program may send. */
export function RateField({
  value,
  onChange,
}: {
  readonly value: string;
  readonly onChange: (rate: string) => void;
}) {
  return (
    <TextField
      label="Requests a minute"
      inputMode="numeric"
      required
      pattern="[1-9][0-9]{0,5}"
      value={value}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

/** Origins of APIs, of those that are set up. */
export function ApiFields({
  legend,
  origins,
  chosen,
  onChange,
}: {
  readonly legend: string;
  readonly origins: readonly string[];
  readonly chosen: ReadonlySet<string>;
  readonly onChange: (chosen: ReadonlySet<string>) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="label-mono text-dim">{legend}</legend>
      {origins.length === 0 && (
        <p className="text-sm text-dim">
          No API is set up for that. Whoever runs the server names your APIs in{' '}
          <code className="text-xs break-all">PROOFLINE_RESOURCE_ORIGINS</code>.
        </p>
      )}
      {origins.map((origin) => (
        <label key={origin} className="flex items-center gap-2 text-sm text-text">
          <input
            type="checkbox"
            checked={chosen.has(origin)}
            onChange={({ target }) => {
              const next = new Set(chosen);
              if (target.checked) next.add(origin);
              else next.delete(origin);
              onChange(next);
            }}
          />
          <span className="break-all">{origin}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** What a program may, of all that one of its kind has business with. */
export function ScopeFields({
  usual,
  chosen,
  onChange,
}: {
  readonly usual: readonly Action[];
  readonly chosen: ReadonlySet<Action>;
  readonly onChange: (chosen: ReadonlySet<Action>) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="label-mono text-dim">It may</legend>
      {usual.map((scope) => (
        <label key={scope} className="flex items-center gap-2 text-sm text-text">
          <input
            type="checkbox"
            checked={chosen.has(scope)}
            onChange={({ target }) => {
              const next = new Set(chosen);
              if (target.checked) next.add(scope);
              else next.delete(scope);
              onChange(next);
            }}
          />
          {actions[scope].label}
        </label>
      ))}
    </fieldset>
  );
}
