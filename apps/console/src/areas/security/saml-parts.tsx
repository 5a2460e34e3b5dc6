import type { ChangeEvent } from 'react';
import { SelectField, TextAreaField, TextField } from '../../ui/field.tsx';
import { toldChoices, type ApplicationFields } from './application-draft.ts';

interface Part {
  readonly fields: ApplicationFields;
  readonly set: (changed: Partial<ApplicationFields>) => void;
}

/** What is registered of a tool that speaks SAML: its metadata, and what it is told. */
export function SamlParts({ fields, set }: Part) {
  const take = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file) set({ metadata: await file.text() });
  };
  return (
    <>
      <TextField
        label="Its metadata, as a file"
        type="file"
        accept=".xml,application/xml,text/xml,application/samlmetadata+xml"
        onChange={(event) => void take(event)}
      />
      <TextAreaField
        label="Its metadata"
        hint="XML of one service provider: its addresses and certificates."
        required
        rows={6}
        spellCheck={false}
        maxLength={20_000}
        className="font-mono text-xs"
        value={fields.metadata}
        onChange={({ target }) => set({ metadata: target.value })}
      />
      <SelectField
        label="It is told of a colleague"
        hint="Besides who they are there, how they signed in and when."
        choices={toldChoices}
        value={fields.told}
        onChoose={(told = 'nothing') => set({ told })}
      />
    </>
  );
}
