import {
  addServiceKey,
  retireServiceKey,
  serviceKeyOf,
  serviceKeyOverlapDays,
  serviceKeysMax,
  type ServiceKey,
  type ServiceRecord,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { knownRefusal } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { Button, GuardedButton } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { TextAreaField } from '../../../ui/field.tsx';
import { ProblemNotice } from '../../../ui/notice.tsx';
import { Moment } from '../../../ui/time-text.tsx';
import { ageAmong, whatRetiringMeans } from './key-ages.ts';
import { whyNoKey } from './service-words.ts';

const stateWords: Readonly<Record<ServiceKey['state'], string>> = {
  waiting: 'Not good yet',
  live: 'Good',
  retired: 'Retired',
};

/** The keys of a service with their ages, and the steps of a rotation: add, switch over, retire. */
export function KeyList({ one }: { readonly one: ServiceRecord }) {
  const [isAdding, setAdding] = useState(false);
  const live = one.keys.filter(({ state }) => state === 'live');
  const canRotate = one.origin === 'registered' && live.length < serviceKeysMax;
  return (
    <div className="flex flex-col gap-1.5">
      <ul aria-label={`Keys of ${one.name}`} className="flex flex-col gap-1">
        {one.keys.map((key) => (
          <KeyLine key={key.kid} one={one} of={key} canRetire={live.length > 1} />
        ))}
      </ul>
      {canRotate && !isAdding && (
        <div>
          <Button aria-label={`Rotate the key: ${one.name}`} onClick={() => setAdding(true)}>
            Rotate the key
          </Button>
        </div>
      )}
      {isAdding && <AddKey one={one} onDone={() => setAdding(false)} />}
      {one.origin === 'registered' && live.length > 1 && (
        <p className="text-xs text-dim">
          Let the program use the new key. Once the old one shows no use any more, retire it.
        </p>
      )}
    </div>
  );
}

function KeyLine({
  one,
  of: key,
  canRetire,
}: {
  readonly one: ServiceRecord;
  readonly of: ServiceKey;
  readonly canRetire: boolean;
}) {
  const { capabilities } = useSelf();
  const [isAsking, setAsking] = useState(false);
  const age = ageAmong(one.keys, key);
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 text-text">
      <span>
        {age !== undefined && <strong className="font-medium text-bright">{ageWords[age]} </strong>}
        {stateWords[key.state]}, {key.algorithm ?? key.names}
        {key.addedAt !== undefined && (
          <>
            , since <Moment at={key.addedAt} />
          </>
        )}
        {key.retireAfter !== undefined && key.state !== 'retired' && (
          <>
            , until <Moment at={key.retireAfter} />
          </>
        )}
        {', '}
        {key.lastUsedAt === undefined ? (
          'never used'
        ) : (
          <>
            last used <Moment at={key.lastUsedAt} />
          </>
        )}
      </span>
      <span className="font-mono text-xs break-all text-dim">{key.kid}</span>
      {canRetire && key.state === 'live' && (
        <GuardedButton
          aria-label={`Retire the key ${key.kid.slice(0, 8)}: ${one.name}`}
          refusal={knownRefusal(capabilities, 'service:retire-key')}
          onClick={() => setAsking(true)}
        >
          Retire
        </GuardedButton>
      )}
      {isAsking && <AskRetire one={one} of={key} onClose={() => setAsking(false)} />}
    </li>
  );
}

const ageWords = { new: 'The new one:', old: 'The old one:' } as const;

function AskRetire({
  one,
  of: key,
  onClose,
}: {
  readonly one: ServiceRecord;
  readonly of: ServiceKey;
  readonly onClose: () => void;
}) {
  const queries = useQueryClient();
  const retire = useRouteMutation(retireServiceKey, () => {
    onClose();
    refreshSoon(queries, ['services.list']);
  });
  const age = ageAmong(one.keys, key);
  return (
    <ConfirmDialog
      title={`Retire ${age === undefined ? 'this' : `the ${age}`} key of ${one.name}?`}
      description={whatRetiringMeans(one.keys, key)}
      act="Retire it"
      keep="Keep it"
      running={retire}
      onAct={() => retire.mutate({ params: { serviceId: one.serviceId, kid: key.kid } })}
      onClose={onClose}
    />
  );
}

function AddKey({ one, onDone }: { readonly one: ServiceRecord; readonly onDone: () => void }) {
  const queries = useQueryClient();
  const { capabilities } = useSelf();
  const [text, setText] = useState('');
  const key = serviceKeyOf(text);
  const add = useRouteMutation(addServiceKey, () => {
    onDone();
    refreshSoon(queries, ['services.list']);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key) add.mutate({ params: { serviceId: one.serviceId }, body: { key } });
  };
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-2">
      <TextAreaField
        label={`The next public key of ${one.name}`}
        hint={`The key before stays good for ${serviceKeyOverlapDays} days, unless you retire it sooner.`}
        error={whyNoKey(text)}
        required
        rows={4}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      {add.error && <ProblemNotice error={add.error} />}
      <div className="flex gap-2">
        <GuardedButton
          type="submit"
          variant="primary"
          pending={add.isPending}
          refusal={knownRefusal(capabilities, 'service:widen')}
        >
          Add the key
        </GuardedButton>
        <Button onClick={onDone}>Not now</Button>
      </div>
    </form>
  );
}
