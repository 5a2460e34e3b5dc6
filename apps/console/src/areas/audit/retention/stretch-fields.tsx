import { TextField } from '../../../ui/field.tsx';

/** Places of the log, from the first to the last, both included. */
export function StretchFields({
  first,
  last,
  onFirst,
  onLast,
}: {
  readonly first: string;
  readonly last: string;
  readonly onFirst: (text: string) => void;
  readonly onLast: (text: string) => void;
}) {
  return (
    <div className="grid grid-cols-2 gap-2">
      <TextField
        label="From entry"
        required
        inputMode="numeric"
        pattern="\d{1,15}"
        value={first}
        onChange={({ target }) => onFirst(target.value)}
      />
      <TextField
        label="To entry"
        inputMode="numeric"
        pattern="\d{1,15}"
        value={last}
        onChange={({ target }) => onLast(target.value)}
      />
    </div>
  );
}
