import { systemClock } from '@proofline/kernel';
import { Search } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';
import { fromLocalInput, lastSpan, toLocalInput } from './local-time.ts';
import { SearchFilters } from './search-filters.tsx';
import type { AuditSearch } from './search.ts';

const spans = [
  { label: 'Last hour', hours: 1 },
  { label: 'Last 24 hours', hours: 24 },
  { label: 'Last 7 days', hours: 168 },
] as const;

/** The filters of the search. Whatever is chosen goes into the address at once. */
export function SearchForm({
  search,
  onSearch,
}: {
  readonly search: AuditSearch;
  readonly onSearch: (next: AuditSearch) => void;
}) {
  const box = useRef<HTMLInputElement>(null);
  const [id, setId] = useState(search.id ?? '');
  useShortcut('/', 'Search for an id', () => box.current?.focus());
  // Another question starts at its own newest entry.
  const ask = (change: Partial<AuditSearch>) =>
    onSearch({ ...search, id: id.trim() || undefined, ...change, cursor: undefined });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Whoever presses Enter in a field has not left it yet.
    const typed = new FormData(event.currentTarget);
    const textOf = (name: string) => {
      const value = typed.get(name);
      return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
    };
    ask({ about: textOf('about'), action: textOf('action'), actor: textOf('actor') });
  };
  return (
    <form role="search" onSubmit={submit} className="flex flex-col gap-3">
      <div className="flex items-end gap-2">
        <div className="min-w-0 flex-1">
          <TextField
            ref={box}
            label="Any id, account number or name"
            type="search"
            placeholder="evt_…, int_…, ses_…, prf_…, dec_…, ath_…, svc_…, a digest, a name"
            className="font-mono"
            maxLength={120}
            value={id}
            onChange={({ target }) => setId(target.value)}
          />
        </div>
        <Button type="submit" variant="primary" icon={<Search aria-hidden size={14} />}>
          Search <KeyHint keys="/" />
        </Button>
      </div>
      <div className="flex flex-wrap items-end gap-3">
        <SearchFilters search={search} ask={ask} />
        <TextField
          label="From"
          type="datetime-local"
          defaultValue={toLocalInput(search.from)}
          onBlur={({ target }) => ask({ from: fromLocalInput(target.value) })}
        />
        <TextField
          label="To"
          type="datetime-local"
          defaultValue={toLocalInput(search.to)}
          onBlur={({ target }) => ask({ to: fromLocalInput(target.value) })}
        />
        {spans.map(({ label, hours }) => (
          <Button key={hours} onClick={() => ask(lastSpan(systemClock.now(), hours))}>
            {label}
          </Button>
        ))}
        {Object.values(search).some((value) => value !== undefined) && (
          <Button variant="quiet" onClick={() => onSearch({})}>
            Clear
          </Button>
        )}
      </div>
    </form>
  );
}
