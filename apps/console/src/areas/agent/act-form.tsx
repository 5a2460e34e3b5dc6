import { canonicalJson } from '@proofline/kernel';
import type { Interaction } from '@proofline/protocol';
import { useRef, useState } from 'react';
import { actBodyOf, type ActField } from '../../api/act-fields.ts';
import { recordActs, type RecordAct, type RecordActKind } from '../../api/record-acts.ts';
import { remediesOf } from '../../api/refusal.ts';
import { useUnsent } from '../../shell/unsent-work.tsx';
import { choicesOf, SelectField, TextField } from '../../ui/field.tsx';
import { useRecordChange, type OpenAccount } from './account-data.ts';
import { AskSupervisor } from './ask-supervisor.tsx';
import { AskedHere } from './asked-here.tsx';
import { ChangeFrame } from './change-frame.tsx';

/** One act on the record. What was typed stays while it waits for an approval. */
export function ActForm({
  call,
  account,
  kind,
}: {
  readonly call: Interaction;
  readonly account: OpenAccount;
  readonly kind: RecordActKind;
}) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [isChecked, setChecked] = useState(false);
  const [note, setNote] = useState('');
  const answer = useRef<HTMLDivElement>(null);
  const change = useRecordChange(account);
  const { action, fields }: RecordAct = recordActs[kind];
  useUnsent(Object.values(typed).some((value) => value !== ''));
  const read = actBodyOf(fields, typed);
  const edit = (name: string, value: string) => {
    setTyped({ ...typed, [name]: value });
    change.reset();
  };
  const needsApproval = remediesOf(change.error).some((remedy) => remedy.kind === 'approval');
  return (
    <ChangeFrame
      call={call}
      kind={kind}
      attempt={change}
      doneText="Done, and written down."
      onSubmit={() =>
        'body' in read
          ? change.mutate({ kind, body: read.body }, { onSuccess: () => setTyped({}) })
          : setChecked(true)
      }
      asked={
        <AskedHere
          ref={answer}
          call={call}
          account={account}
          action={action}
          onSent={({ body }) => {
            // Done is done: what stands in the form next is another act. What was typed since stays.
            const isSame =
              'body' in read && canonicalJson({ ...body }) === canonicalJson(read.body);
            if (isSame) setTyped({});
          }}
        />
      }
      remedy={
        needsApproval &&
        'body' in read && (
          <AskSupervisor
            call={call}
            account={account}
            action={action}
            body={read.body}
            note={{ text: note, set: setNote }}
            onAsked={() => {
              change.reset();
              answer.current?.focus();
            }}
          />
        )
      }
    >
      {fields.map((field) => (
        <Field
          key={field.name}
          field={field}
          value={typed[field.name]}
          isWrong={isChecked && 'wrong' in read && read.wrong === field.name}
          onEdit={(value) => edit(field.name, value)}
        />
      ))}
    </ChangeFrame>
  );
}

function Field({
  field: { label, choices, hint },
  value,
  isWrong,
  onEdit,
}: {
  readonly field: ActField;
  readonly value: string | undefined;
  readonly isWrong: boolean;
  readonly onEdit: (value: string) => void;
}) {
  if (choices) {
    return (
      <SelectField
        label={label}
        empty="Choose …"
        required
        choices={choicesOf(choices)}
        value={value}
        onChoose={(next) => onEdit(next ?? '')}
      />
    );
  }
  return (
    <TextField
      label={label}
      required
      {...(hint ? { hint } : {})}
      error={isWrong ? hint : undefined}
      value={value ?? ''}
      onChange={({ target }) => onEdit(target.value)}
    />
  );
}
