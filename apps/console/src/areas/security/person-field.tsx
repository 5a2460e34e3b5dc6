import type { Id } from '@proofline/kernel';
import { listPeople, type Person } from '@proofline/protocol';
import { useDeferredValue, useState } from 'react';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { SelectField, TextField, type Choice } from '../../ui/field.tsx';

interface Known {
  readonly subjectId: Id<'stf'>;
  readonly displayName: string;
}

/** Somebody of the staff. Where more work here than a list holds, part of a name leads to the others. */
export function PersonField({
  onlyActive = false,
  known,
  value,
  onChoose,
  ...field
}: {
  readonly label: string;
  readonly hint?: string;
  readonly empty?: string;
  readonly onlyActive?: boolean;
  /** Whom the field begins with; they may stand on no page that was read. */
  readonly known?: Known | undefined;
  readonly value: string | undefined;
  readonly onChoose: (chosen: Id<'stf'> | undefined) => void;
}) {
  const [typed, setTyped] = useState('');
  const [last, setLast] = useState<Choice<Id<'stf'>> | undefined>(
    known && { value: known.subjectId, label: known.displayName },
  );
  const name = useDeferredValue(typed.trim());
  const everybody = useRouteQuery(listPeople, { query: {} });
  const found = useRouteQuery(
    listPeople,
    { query: name === '' ? {} : { name } },
    { keepPrevious: true },
  );
  const listed = choicesAmong(found.data?.people, onlyActive);
  const isListed = listed.some((one) => one.value === value);
  const choices = last?.value === value && last && !isListed ? [last, ...listed] : listed;
  return (
    <>
      {everybody.data?.nextCursor !== undefined && (
        <TextField
          label={`${field.label}: part of the name`}
          hint="More work here than this list holds."
          type="search"
          maxLength={120}
          value={typed}
          onChange={({ target }) => setTyped(target.value)}
        />
      )}
      <SelectField
        {...field}
        choices={choices}
        value={choices.find((one) => one.value === value)?.value}
        onChoose={(next) => {
          setLast(choices.find((one) => one.value === next));
          onChoose(next);
        }}
      />
    </>
  );
}

function choicesAmong(
  people: readonly Person[] | undefined,
  onlyActive: boolean,
): readonly Choice<Id<'stf'>>[] {
  return (people ?? [])
    .filter(({ state }) => !onlyActive || state === 'active')
    .map((one) => ({ value: one.subjectId, label: `${one.displayName}, ${one.desk}` }));
}
