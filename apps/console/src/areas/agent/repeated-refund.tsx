import type { RefundBody } from '../../api/customer-record.ts';
import { amountOf } from '../../format/money.ts';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';

/** The same refund went out on this call: nothing is sent before somebody says that it is another. */
export function RepeatedRefund({
  refund: { invoiceId, amountCents },
  onSend,
  onKeep,
}: {
  readonly refund: RefundBody;
  readonly onSend: () => void;
  readonly onKeep: () => void;
}) {
  const { number, unit } = amountOf(amountCents);
  return (
    <Notice
      kind="step"
      title={`${number} ${unit} on ${invoiceId} went out on this call already.`}
      actions={
        <>
          <Button onClick={onKeep}>Do not send</Button>
          <Button variant="danger" onClick={onSend}>
            Send it a second time
          </Button>
        </>
      }
    >
      Nothing was sent now. Is this another refund of the same amount?
    </Notice>
  );
}
