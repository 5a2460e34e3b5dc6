import {
  evidenceKindNames,
  evidenceKinds,
  evidenceOutcomeNames,
  evidenceOutcomes,
} from '@proofline/protocol';
import { SelectField, TextField } from '../../ui/field.tsx';
import type { AuditSearch } from './search.ts';

const kindChoices = evidenceKindNames.map((value) => ({ value, label: evidenceKinds[value] }));
const outcomeChoices = evidenceOutcomeNames.map((value) => ({
  value,
  label: evidenceOutcomes[value],
}));
const reachChoices = [{ value: 'followed', label: 'And what followed' }] as const;
const onlyChoices = [
  { value: 'orphans', label: 'Permitted, and nobody proved who they are' },
] as const;
const routineChoices = [{ value: 'shown', label: 'Shown' }] as const;
/** What the search is narrowed by, besides what is named and when. */
export function SearchFilters({
  search,
  ask,
}: {
  readonly search: AuditSearch;
  readonly ask: (change: Partial<AuditSearch>) => void;
}) {
  const askText = (name: 'about' | 'action' | 'actor', text: string) => {
    const value = text.trim() || undefined;
    if (value !== search[name]) ask({ [name]: value });
  };
  return (
    <>
      <div className="w-64 max-w-full">
        <SelectField
          label="Kind"
          empty="Everything"
          choices={kindChoices}
          value={search.kind}
          onChoose={(kind) => ask({ kind })}
        />
      </div>
      <div className="w-48 max-w-full">
        <TextField
          label="Who acted"
          name="actor"
          type="search"
          maxLength={120}
          defaultValue={search.actor ?? ''}
          onBlur={({ target }) => askText('actor', target.value)}
        />
      </div>
      <div className="w-48 max-w-full">
        <TextField
          label="Action"
          name="action"
          type="search"
          placeholder="refund:initiate"
          maxLength={120}
          defaultValue={search.action ?? ''}
          onBlur={({ target }) => askText('action', target.value)}
        />
      </div>
      <div className="w-48 max-w-full">
        <SelectField
          label="Outcome"
          empty="Whatever came of it"
          choices={outcomeChoices}
          value={search.outcome}
          onChoose={(outcome) => ask({ outcome })}
        />
      </div>
      <div className="w-48 max-w-full">
        <SelectField
          label="Reach"
          empty="What names it"
          choices={reachChoices}
          value={search.reach}
          onChoose={(reach) => ask({ reach })}
        />
      </div>
      <div className="w-48 max-w-full">
        <TextField
          label="Names as well"
          name="about"
          type="search"
          className="font-mono"
          maxLength={120}
          defaultValue={search.about ?? ''}
          onBlur={({ target }) => askText('about', target.value)}
        />
      </div>
      <div className="w-56 max-w-full">
        <SelectField
          label="Without a proof"
          empty="With and without"
          choices={onlyChoices}
          value={search.only}
          onChoose={(only) => ask({ only })}
        />
      </div>
      <div className="w-56 max-w-full">
        <SelectField
          label="Routine lists and questions"
          empty="Left out, unless you ask for one person"
          choices={routineChoices}
          value={search.routine}
          onChoose={(routine) => ask({ routine })}
        />
      </div>
    </>
  );
}
