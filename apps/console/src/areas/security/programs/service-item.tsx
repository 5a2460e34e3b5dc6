import {
  narrowService,
  removeService,
  resumeService,
  suspendService,
  unusedScopeDays,
  type ServiceRecord,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { knownRefusal } from '../../../format/control-state.ts';
import { refreshSoon } from '../../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../../shell/route-queries.ts';
import { useSelf } from '../../../shell/self-context.tsx';
import { GuardedButton } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import { ListItem } from '../../../ui/list-item.tsx';
import { Notice, ProblemNotice } from '../../../ui/notice.tsx';
import { LastUse } from '../../../ui/time-text.tsx';
import { KeyList } from './key-list.tsx';
import { looksOf, provesWords } from './service-words.ts';
import { TermsDialog } from './terms-dialog.tsx';

/** One program: since when, used when, what it may and uses of that, its keys, and what can be done. */
export function ServiceItem({ one }: { readonly one: ServiceRecord }) {
  return (
    <ListItem
      standing={looksOf(one)}
      name={one.name}
      id={one.serviceId}
      acts={one.origin === 'registered' && <Acts one={one} />}
      below={
        <>
          <Scopes one={one} />
          <KeyList one={one} />
        </>
      }
    >
      {one.purpose !== undefined && <p className="text-text">{one.purpose}</p>}
      {one.serves.length > 0 && (
        <p className="break-all text-dim">
          Called at {one.serves.join(', ')}, and goes on to {one.audiences.join(', ')}
        </p>
      )}
      <Answering one={one} />
    </ListItem>
  );
}

function Answering({ one }: { readonly one: ServiceRecord }) {
  if (one.origin === 'configured') {
    return (
      <p className="text-dim">
        Named in the settings of the server, and changed only there ·{' '}
        <LastUse at={one.lastUsedAt} />
      </p>
    );
  }
  return (
    <p className="text-dim">
      {one.owner?.active
        ? `${one.owner.displayName} answers for it`
        : 'Whoever answered for it left'}{' '}
      · <LastUse at={one.lastUsedAt} />
      {one.ratePerMinute !== undefined &&
        ` · at most ${one.ratePerMinute} requests a minute`} ·{' '}
      {provesWords[one.proves]}
    </p>
  );
}

function Scopes({ one }: { readonly one: ServiceRecord }) {
  const queries = useQueryClient();
  const { capabilities } = useSelf();
  const narrow = useRouteMutation(narrowService, () => refreshSoon(queries, ['services.list']));
  const unused = one.scopes.filter((scope) => scope.unused);
  const without = unused.map(({ action }) => action);
  return (
    <div className="flex flex-col gap-1">
      <ul aria-label={`What ${one.name} may do`} className="flex flex-wrap gap-x-4 gap-y-0.5">
        {one.scopes.map(({ action, label, lastUsedAt }) => (
          <li key={action} className="text-text">
            {label} <span className="text-dim">(</span>
            <span className="text-dim">
              <LastUse at={lastUsedAt} />)
            </span>
          </li>
        ))}
      </ul>
      {unused.length > 0 && unused.length < one.scopes.length && (
        <Notice
          kind="warn"
          title={`Not used for ${unusedScopeDays} days: ${unused.map(({ label }) => label).join(', ')}.`}
          actions={
            <GuardedButton
              aria-label={`Take away what is not used: ${one.name}`}
              pending={narrow.isPending}
              refusal={knownRefusal(capabilities, 'service:narrow')}
              onClick={() =>
                narrow.mutate({ params: { serviceId: one.serviceId }, body: { without } })
              }
            >
              Take away what is not used
            </GuardedButton>
          }
        />
      )}
      {narrow.error && <ProblemNotice error={narrow.error} />}
    </div>
  );
}

function Acts({ one }: { readonly one: ServiceRecord }) {
  const { capabilities } = useSelf();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'change' | 'suspend' | 'remove'>();
  const close = () => setOpen(undefined);
  const resume = useRouteMutation(resumeService, () => refreshSoon(queries, ['services.list']));
  const isSuspended = one.state === 'suspended';
  return (
    <div className="flex flex-col items-end gap-2">
      <div className="flex flex-wrap gap-2">
        <GuardedButton
          aria-label={`Change: ${one.name}`}
          refusal={knownRefusal(capabilities, 'service:narrow')}
          onClick={() => setOpen('change')}
        >
          Change
        </GuardedButton>
        <GuardedButton
          aria-label={`${isSuspended ? 'Resume' : 'Suspend'}: ${one.name}`}
          pending={resume.isPending}
          refusal={knownRefusal(capabilities, isSuspended ? 'service:widen' : 'service:narrow')}
          onClick={() =>
            isSuspended
              ? resume.mutate({ params: { serviceId: one.serviceId } })
              : setOpen('suspend')
          }
        >
          {isSuspended ? 'Resume' : 'Suspend'}
        </GuardedButton>
        <GuardedButton
          aria-label={`Remove: ${one.name}`}
          refusal={knownRefusal(capabilities, 'service:remove')}
          onClick={() => setOpen('remove')}
        >
          Remove
        </GuardedButton>
      </div>
      {resume.error && <ProblemNotice error={resume.error} />}
      {open === 'change' && <TermsDialog one={one} onClose={close} />}
      {open === 'suspend' && <AskSuspend one={one} onClose={close} />}
      {open === 'remove' && <AskRemove one={one} onClose={close} />}
    </div>
  );
}

interface Asking {
  readonly one: ServiceRecord;
  readonly onClose: () => void;
}

function AskSuspend({ one, onClose }: Asking) {
  const queries = useQueryClient();
  const suspend = useRouteMutation(suspendService, () => {
    onClose();
    refreshSoon(queries, ['services.list']);
  });
  return (
    <ConfirmDialog
      title={`Suspend ${one.name}?`}
      description="It gets no token and its tokens are worth nothing, within two seconds, until it is resumed. To resume it takes a fresh proof."
      act="Suspend it now"
      keep="Keep it"
      running={suspend}
      onAct={() => suspend.mutate({ params: { serviceId: one.serviceId } })}
      onClose={onClose}
    />
  );
}

function AskRemove({ one, onClose }: Asking) {
  const queries = useQueryClient();
  const remove = useRouteMutation(removeService, () => {
    onClose();
    refreshSoon(queries, ['services.list']);
  });
  return (
    <ConfirmDialog
      title={`Remove ${one.name}?`}
      description="Its keys and tokens are worth nothing at once. Its keys are never taken again, and this cannot be taken back."
      act="Remove it"
      keep="Keep it"
      running={remove}
      onAct={() => remove.mutate({ params: { serviceId: one.serviceId } })}
      onClose={onClose}
    />
  );
}
