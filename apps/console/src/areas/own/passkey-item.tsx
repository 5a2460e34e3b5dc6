import type { OwnAuthenticator } from '@proofline/protocol';
import { CloudCog, Cpu, Pencil, Trash2 } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';
import { Button, GuardedButton } from '../../ui/button.tsx';
import { PropertyList } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { kindText, levelText } from './own-words.ts';

/** One of one's own passkeys, and what can be done with it. */
export function PasskeyItem({
  passkey,
  least,
  onRename,
  onRemove,
}: {
  readonly passkey: OwnAuthenticator;
  readonly least: number;
  readonly onRename: () => void;
  readonly onRemove: () => void;
}) {
  const { acr, kind, label, lastUsedAt, model, refusal, registeredAt } = passkey;
  const reason =
    refusal === 'authenticator.last'
      ? 'This is your only passkey.'
      : `Your role asks for ${least} passkeys.`;
  return (
    <li className="flex flex-col gap-2 rounded-md border border-line p-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="flex min-w-0 flex-wrap items-center gap-2 font-medium break-all text-bright">
          {label}
          {kind === 'synced' ? (
            <Badge icon={CloudCog}>Synced</Badge>
          ) : (
            <Badge icon={Cpu}>Bound to a device</Badge>
          )}
        </h3>
        <div className="flex flex-wrap gap-1">
          <Button
            variant="quiet"
            icon={<Pencil aria-hidden size={14} />}
            aria-label={`Rename ${label}`}
            onClick={onRename}
          >
            Rename
          </Button>
          <GuardedButton
            variant="danger"
            icon={<Trash2 aria-hidden size={14} />}
            aria-label={`Remove ${label}`}
            refusal={refusal && { reason, nextStep: 'Add another before you remove this one.' }}
            onClick={onRemove}
          >
            Remove
          </GuardedButton>
        </div>
      </div>
      <PropertyList
        items={[
          { label: 'Kind', value: kindText(passkey) },
          ...(model === undefined
            ? []
            : [{ label: 'Model', value: <span className="font-mono text-xs">{model}</span> }]),
          {
            label: 'Counts as',
            value: (
              <>
                <span className="font-mono">{acr}</span>, {levelText(passkey)}
              </>
            ),
          },
          { label: 'Added', value: <Moment at={registeredAt} /> },
          {
            label: 'Last used',
            value: lastUsedAt ? <Moment at={lastUsedAt} /> : 'Not yet',
          },
        ]}
      />
    </li>
  );
}
