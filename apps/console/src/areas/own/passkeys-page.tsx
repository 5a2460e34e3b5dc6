import { readOwnAuthenticators, type OwnAuthenticator } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import { KeyRound, Plus } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Button, GuardedButton } from '../../ui/button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { AddPasskeyDialog } from './add-passkey-dialog.tsx';
import { ChannelList } from './channel-list.tsx';
import { HistoryList } from './history-list.tsx';
import { PasskeyItem } from './passkey-item.tsx';
import { RemovePasskeyDialog } from './remove-passkey-dialog.tsx';
import { RenamePasskeyDialog } from './rename-passkey-dialog.tsx';
import { signalPasskeys } from './signal-passkeys.ts';

/** What is open over the page. */
type Open =
  | { readonly kind: 'add' }
  | { readonly kind: 'rename' | 'remove'; readonly passkey: OwnAuthenticator };

/** One's own passkeys: nobody else has a page, a button or a request for them. */
export function PasskeysPage() {
  const own = useRouteQuery(readOwnAuthenticators, {});
  const [open, setOpen] = useState<Open>();
  const { data } = own;
  useEffect(() => {
    if (data) void signalPasskeys(data);
  }, [data]);
  const close = () => setOpen(undefined);
  return (
    <Page crumbs={[{ label: 'My passkeys' }]}>
      {own.isPending && <Loading what="your passkeys" />}
      {own.error && <ProblemNotice error={own.error} />}
      {data && (
        <div className="grid items-start gap-3 xl:grid-cols-[1fr_24rem]">
          <Section
            title="Passkeys"
            aside={
              <GuardedButton
                variant="primary"
                icon={<Plus aria-hidden size={16} />}
                refusal={
                  data.authenticators.length >= data.most
                    ? {
                        reason: `Nobody has more than ${data.most}.`,
                        nextStep: 'Remove one first.',
                      }
                    : undefined
                }
                onClick={() => setOpen({ kind: 'add' })}
              >
                Add a passkey
              </GuardedButton>
            }
          >
            <ul className="flex flex-col gap-3">
              {data.authenticators.map((passkey) => (
                <PasskeyItem
                  key={passkey.authenticatorId}
                  passkey={passkey}
                  least={data.least}
                  onRename={() => setOpen({ kind: 'rename', passkey })}
                  onRemove={() => setOpen({ kind: 'remove', passkey })}
                />
              ))}
            </ul>
            {data.authenticators.length === 1 && <OnlyOne onAdd={() => setOpen({ kind: 'add' })} />}
          </Section>
          <div className="flex min-w-0 flex-col gap-3">
            <ChannelList channels={data.channels} />
            <HistoryList history={data.history} />
          </div>
        </div>
      )}
      {open?.kind === 'add' && <AddPasskeyDialog onClose={close} />}
      {open?.kind === 'rename' && <RenamePasskeyDialog passkey={open.passkey} onClose={close} />}
      {open?.kind === 'remove' && <RemovePasskeyDialog passkey={open.passkey} onClose={close} />}
    </Page>
  );
}

function OnlyOne({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <EmptyState title="You have one passkey.">
      <p>
        If you lose it, you are locked out, and nobody can let you in again on your word: only what
        stands ready under{' '}
        <Link to="/my-recovery" className="text-accent underline">
          My recovery
        </Link>{' '}
        does, after a wait. Add a second one while you can, on another device.
      </p>
      <Button icon={<KeyRound aria-hidden size={16} />} onClick={onAdd}>
        Add a second one
      </Button>
    </EmptyState>
  );
}
