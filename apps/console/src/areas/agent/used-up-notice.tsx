import { requestApproval, type Approval } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { RotateCcw } from 'lucide-react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { Button } from '../../ui/button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { askedAgain, type UsedUp } from './used-up.ts';

/** An approval was used and came to nothing: why, and one press to ask for the same once more. */
export function UsedUpNotice({
  approval,
  because,
  isAnew,
}: {
  readonly approval: Approval;
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
          <Button
            pending={ask.isPending}
            icon={<RotateCcw aria-hidden size={14} />}
            onClick={() => ask.mutate({ body: askedAgain(approval, because) })}
          >
            Ask again for the same
          </Button>
        }
      >
        {because.text}
      </Notice>
      {ask.error && <ProblemNotice error={ask.error} />}
    </>
  );
}
