import { reasonCodes, type ReasonCode } from '@proofline/protocol';
import { reasonCodeWords } from '../../format/words.ts';
import { useShortcut } from '../../shell/shortcuts.tsx';
import { Button } from '../../ui/button.tsx';
import { KeyHint } from '../../ui/key-hint.tsx';

/** The reason is the second and last keystroke of a decision; none is chosen beforehand. */
export function ReasonChoice({
  verdict,
  isPending,
  onReason,
}: {
  readonly verdict: 'approve' | 'reject';
  readonly isPending: boolean;
  readonly onReason: (reasonCode: ReasonCode) => void;
}) {
  const verb = verdict === 'approve' ? 'Approve' : 'Reject';
  return (
    <fieldset className="rounded-md border border-line bg-raised p-2.5">
      <legend className="label-mono px-1 text-text">{verb} because of</legend>
      <div className="flex flex-wrap gap-2">
        {reasonCodes.map((code, index) => (
          <Reason
            key={code}
            code={code}
            keys={String(index + 1)}
            label={`${verb}: ${reasonCodeWords[code].toLowerCase()}`}
            isPending={isPending}
            onReason={onReason}
          />
        ))}
      </div>
    </fieldset>
  );
}

function Reason({
  code,
  keys,
  label,
  isPending,
  onReason,
}: {
  readonly code: ReasonCode;
  readonly keys: string;
  readonly label: string;
  readonly isPending: boolean;
  readonly onReason: (reasonCode: ReasonCode) => void;
}) {
  useShortcut(keys, label, () => onReason(code));
  return (
    <Button pending={isPending} onClick={() => onReason(code)}>
      <KeyHint keys={keys} /> {reasonCodeWords[code]}
    </Button>
  );
}
