import { listServices, type RegisteredRole } from '@proofline/protocol';
import { useState } from 'react';
import { useRouteQuery } from '../../../shell/route-queries.ts';
import { ApiFields } from './term-fields.tsx';

const none: ReadonlySet<string> = new Set();

/** Where an assistant is called, and where it goes on to for whoever called it. */
export interface Chained {
  readonly serves: ReadonlySet<string>;
  readonly audiences: ReadonlySet<string>;
}

/** What is registered of it beside what every program has; of other kinds nothing. */
export function useChained(role: RegisteredRole) {
  const [chained, setChained] = useState<Chained>({ serves: none, audiences: none });
  const isAssistant = role === 'assistant';
  const isWhole = chained.serves.size > 0 && chained.audiences.size > 0;
  return {
    chained,
    setChained,
    body: isAssistant
      ? { serves: [...chained.serves], audiences: [...chained.audiences] }
      : undefined,
    refusal:
      isAssistant && !isWhole
        ? { reason: 'Choose where it is called, and where it goes on to.' }
        : undefined,
  };
}

/** The APIs that an assistant is, and those that it may call under the grant it was called with. */
export function ChainFields({
  value,
  onChange,
}: {
  readonly value: Chained;
  readonly onChange: (value: Chained) => void;
}) {
  const listed = useRouteQuery(listServices, {});
  const { audiences = [], servable = [] } = listed.data ?? {};
  return (
    <>
      <ApiFields
        legend="It is called at"
        origins={servable}
        chosen={value.serves}
        onChange={(serves) => onChange({ ...value, serves })}
      />
      <ApiFields
        legend="It goes on to"
        origins={audiences}
        chosen={value.audiences}
        onChange={(chosen) => onChange({ ...value, audiences: chosen })}
      />
    </>
  );
}
