import { roles, type Role } from '@proofline/protocol';
import { Search } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { roleWords } from '../../format/words.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextField } from '../../ui/field.tsx';

interface Filters {
  readonly desk?: string | undefined;
  readonly role?: Role | undefined;
  readonly name?: string | undefined;
}

/** Whom the list is about. Whatever is chosen goes into the address. */
export function StaffFilters({
  filters,
  desks,
  onChoose,
}: {
  readonly filters: Filters;
  readonly desks: readonly string[];
  readonly onChoose: (next: Filters) => void;
}) {
  const [name, setName] = useState(filters.name ?? '');
  const ask = (change: Filters) =>
    onChoose({ ...filters, name: name.trim() || undefined, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask({});
  };
  return (
    <form role="search" onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <div className="w-56 max-w-full">
        <TextField
          label="Part of a name"
          type="search"
          maxLength={120}
          value={name}
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <Button type="submit" icon={<Search aria-hidden size={14} />}>
        Search
      </Button>
      <div className="w-48 max-w-full">
        <SelectField
          label="Desk"
          empty="Every desk"
          choices={desks.map((desk) => ({ value: desk, label: desk }))}
          value={filters.desk}
          onChoose={(desk) => ask({ desk })}
        />
      </div>
      <div className="w-48 max-w-full">
        <SelectField
          label="Role"
          empty="Every role"
          choices={roles.map((value) => ({ value, label: roleWords[value] }))}
          value={filters.role}
          onChoose={(role) => ask({ role })}
        />
      </div>
    </form>
  );
}
