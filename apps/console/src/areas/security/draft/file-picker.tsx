import { getRouteApi } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { Button } from '../../../ui/button.tsx';
import { TextField } from '../../../ui/field.tsx';
import { beginningOf, kindOf, textOf, wholeOf, writeFile, type Draft } from './draft.ts';

const route = getRouteApi('/app/security/policies');

/** Opens a file of the draft by its path, or adds one. */
export function FilePicker({
  draft,
  onChange,
}: {
  readonly draft: Draft;
  readonly onChange: (next: Draft) => void;
}) {
  const navigate = route.useNavigate();
  const listId = useId();
  const [typed, setTyped] = useState('');
  const [error, setError] = useState<string>();
  const path = typed.trim();
  const isNew = path !== '' && textOf(draft, path) === undefined;
  const open = () => {
    if (kindOf(path) === undefined) {
      setError(
        'A file is schema.cedarschema, layer/name.cedar, cases/name.json or invariants/name.json, in small letters.',
      );
      return;
    }
    if (isNew) onChange(writeFile(draft, path, draft.base.get(path) ?? beginningOf(path)));
    setTyped('');
    setError(undefined);
    void navigate({ search: (now) => ({ ...now, file: path, at: undefined }) });
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        open();
      }}
    >
      <TextField
        label="Open or add a file"
        hint="roles/…, tiers/…, cases/….json, invariants/….json, schema.cedarschema"
        error={error}
        list={listId}
        maxLength={120}
        spellCheck={false}
        className="font-mono text-xs"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
      />
      <datalist id={listId}>
        {[...wholeOf(draft).keys()].map((one) => (
          <option key={one} value={one}>
            {one}
          </option>
        ))}
      </datalist>
      <Button type="submit">{isNew && kindOf(path) ? 'Add this file' : 'Open'}</Button>
    </form>
  );
}
