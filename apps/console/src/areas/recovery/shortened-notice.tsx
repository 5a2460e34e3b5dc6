import type { RecoveryWait } from '@proofline/protocol';
import { Notice } from '../../ui/notice.tsx';

/** Says so wherever a wait is shorter than any real one. */
export function ShortenedNotice({ wait }: { readonly wait: RecoveryWait }) {
  if (!wait.isShortened) return null;
  return (
    <Notice kind="warn" title={`This demonstration waits ${wait.seconds} seconds.`}>
      A real recovery waits 24 to 72 hours, and no installation can be set to less.
    </Notice>
  );
}
