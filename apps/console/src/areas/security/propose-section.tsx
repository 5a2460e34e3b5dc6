import { proposePolicies, type readPolicySet } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { isRefusal } from '../../api/refusal.ts';
import { knownRefusal } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Button, GuardedButton } from '../../ui/button.tsx';
import { TextAreaField, TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { policyReads } from './release-line.tsx';

const route = getRouteApi('/app/security/policies');

/** One file of a set, changed, proposed as a whole new set. Nothing becomes live by it. */
export function ProposeSection({
  set,
  path,
}: {
  readonly set: z.output<typeof readPolicySet.reply>;
  readonly path: string;
}) {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const { capabilities } = useSelf();
  const [text, setText] = useState(set.files.find((file) => file.path === path)?.text ?? '');
  const [note, setNote] = useState('');
  const close = () => void navigate({ search: (now) => ({ ...now, file: undefined }) });
  const propose = useRouteMutation(proposePolicies, () => {
    refreshSoon(queries, policyReads);
    close();
  });
  const faults = isRefusal(propose.error) ? (propose.error.problem.faults ?? []) : [];
  const files = set.files.map((file) => (file.path === path ? { path, text } : file));
  return (
    <Section title={`Change ${path}`}>
      <form className="flex flex-col gap-3" onSubmit={(event) => event.preventDefault()}>
        <TextAreaField
          label="Cedar"
          rows={18}
          spellCheck={false}
          className="control font-mono text-xs"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <TextField
          label="What it is for"
          maxLength={500}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        {propose.error && <ProblemNotice error={propose.error} />}
        <ul className="list-disc pl-4 text-sm text-danger">
          {faults.map(({ code, path: where, line, column, text: what }) => (
            <li key={`${where}:${line}:${column} ${code}`}>
              {where !== '' && `${where}:${line}:${column} `}
              {what} <span className="font-mono text-xs">{code}</span>
            </li>
          ))}
        </ul>
        <div className="flex flex-wrap gap-2">
          <GuardedButton
            variant="primary"
            pending={propose.isPending}
            refusal={knownRefusal(capabilities, 'policy:propose')}
            onClick={() => {
              const cases = set.cases.map(({ content }) => content);
              propose.mutate({ body: { schema: set.schema, files, cases, note } });
            }}
          >
            Propose
          </GuardedButton>
          <Button onClick={close}>Leave it</Button>
        </div>
      </form>
    </Section>
  );
}
