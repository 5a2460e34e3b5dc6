import {
  disconnectDirectory,
  provisioningOverlapHours,
  renewProvisioningToken,
  type ProvisioningConnection,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleSlash, TimerOff } from 'lucide-react';
import { useState } from 'react';
import { knownRefusal } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ListItem } from '../../ui/list-item.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { TokenShownOnce } from './token-shown-once.tsx';

const RENEWED_DAYS = 90;

const looks = {
  standing: { icon: CircleCheck, tone: 'accent', word: 'Connected' },
  expired: { icon: TimerOff, tone: 'warn', word: 'Token has expired' },
  ended: { icon: CircleSlash, tone: 'neutral', word: 'Ended' },
} as const;

/** One directory: since when, used when, until when its tokens are good; another token, or its end. */
export function ConnectionItem({ one }: { readonly one: ProvisioningConnection }) {
  return (
    <ListItem
      standing={looks[one.state]}
      name={one.name}
      id={one.serviceId}
      acts={one.state !== 'ended' && !one.hasOwnKey && <Acts one={one} />}
    >
      <Since one={one} />
      {one.tokens.map((token) => (
        <p key={token.issuedAt} className="text-text">
          Token good until <Moment at={token.expiresAt} />
          {token.lastUsedAt === undefined && ', not used yet'}
        </p>
      ))}
    </ListItem>
  );
}

function Since({ one }: { readonly one: ProvisioningConnection }) {
  if (one.hasOwnKey) {
    return <p className="text-dim">Calls with a key of its own, which the configuration names.</p>;
  }
  return (
    <p className="text-dim">
      by {one.connectedBy} · {one.connectedAt !== undefined && <Moment at={one.connectedAt} />} ·{' '}
      {one.lastUsedAt === undefined ? (
        'never used'
      ) : (
        <>
          last used <Moment at={one.lastUsedAt} />
        </>
      )}
    </p>
  );
}

function Acts({ one }: { readonly one: ProvisioningConnection }) {
  const { capabilities } = useSelf();
  const queries = useQueryClient();
  const [isEnding, setEnding] = useState(false);
  const refresh = () => refreshSoon(queries, ['provisioning.read']);
  const renew = useRouteMutation(renewProvisioningToken, refresh);
  const end = useRouteMutation(disconnectDirectory, () => {
    setEnding(false);
    refresh();
  });
  const params = { serviceId: one.serviceId };
  if (renew.data) return <TokenShownOnce issued={renew.data} onDone={() => renew.reset()} />;
  return (
    <div className="flex max-w-sm flex-col items-end gap-2">
      <div className="flex flex-wrap gap-2">
        <GuardedButton
          aria-label={`Another token: ${one.name}`}
          pending={renew.isPending}
          refusal={knownRefusal(capabilities, 'provisioning:connect')}
          onClick={() => renew.mutate({ params, body: { days: RENEWED_DAYS } })}
        >
          Another token
        </GuardedButton>
        <GuardedButton
          aria-label={`End: ${one.name}`}
          pending={end.isPending}
          refusal={knownRefusal(capabilities, 'provisioning:disconnect')}
          onClick={() => setEnding(true)}
        >
          End
        </GuardedButton>
      </div>
      <p className="text-xs text-dim">
        The token before another one stays good for {provisioningOverlapHours} hours.
      </p>
      {renew.error && <ProblemNotice error={renew.error} />}
      {isEnding && (
        <ConfirmDialog
          title={`End ${one.name}?`}
          description="Its tokens are worth nothing at once, and this cannot be taken back. People stay as they are."
          act="End it now"
          keep="Keep it"
          running={end}
          onAct={() => end.mutate({ params })}
          onClose={() => setEnding(false)}
        />
      )}
    </div>
  );
}
