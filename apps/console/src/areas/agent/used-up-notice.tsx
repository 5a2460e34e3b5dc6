import { requestApproval, type ApprovalContent } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import type { UsedUp } from './used-up.ts';

/** An approval was used and came to nothing: why, and one press to ask for the same once more. */
export function UsedUpNotice({
  again,
  because,
  isAnew,
}: {
  /** The same once more; absent where that cannot be carried out. */
  readonly again: (ApprovalContent & { readonly note: string }) | undefined;
  readonly because: UsedUp;
  /** It was asked for again already. */
  readonly isAnew: boolean;
}) {
  const queries = useQueryClient();
  const ask = useRouteMutation(requestApproval, () => refreshSoon(queries, ['approvals.list']));
  if (isAnew || ask.isSuccess) {
    return <p className="text-sm text-dim">You have asked for the same again.</p>;
  }
  return (
    <>
      <Notice
        kind="warn"
        title={because.title}
        actions={
          again && (
            <Button
              pending={ask.isPending}
              icon={<RotateCcw aria-hidden size={14} />}
              onClick={() => ask.mutate({ body: again })}
            >
              Ask again for the same
            </Button>
          )
        }
      >
        {again ? because.text : 'That much is not left of the invoice. Look at the record.'}
      </Notice>
      {ask.error && <ProblemNotice error={ask.error} />}
    </>
  );
}
