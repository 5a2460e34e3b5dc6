import type { IssuedProvisioningToken } from '@proofline/protocol';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Moment } from '../../ui/time-text.tsx';

/** A token that was just made, until somebody says that the directory has it. */
export function TokenShownOnce({
  issued,
  onDone,
}: {
  readonly issued: IssuedProvisioningToken;
  readonly onDone: () => void;
}) {
  return (
    <Notice
      kind="done"
      title={`The token for ${issued.connection.name} is shown this once.`}
      actions={
        <>
          <CopyButton text={issued.provisioningToken} label="Copy the token" />
          <Button onClick={onDone}>The directory has it</Button>
        </>
      }
    >
      <p>
        Good until <Moment at={issued.expiresAt} />, for SCIM and nothing else. Whoever has it can
        say who works here and who has left; they can sign in as nobody.
      </p>
      <p className="mt-2 rounded-md border border-line bg-surface p-2 font-mono text-xs break-all text-bright">
        {issued.provisioningToken}
      </p>
    </Notice>
  );
}
