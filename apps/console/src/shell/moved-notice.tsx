import { roleWords } from '../format/words.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { useSelf } from './self-context.tsx';
import type { Move } from './use-forget-on-move.ts';

/** Says why the screen has changed under somebody's hands, until they have read it. */
export function MovedNotice({ move }: { readonly move: Move }) {
  const { desk, roles } = useSelf();
  const role = roles.map((one) => roleWords[one].toLowerCase()).join(', ');
  return (
    <div className="px-3 pt-3 lg:px-4">
      <Notice
        kind="warn"
        title={`You work at ${desk} now${role ? `, as ${role}` : ', without a role'}.`}
        actions={<Button onClick={move.acknowledge}>I have read this</Button>}
      >
        Your desk or your role was changed meanwhile. What stood here before is closed; from now on
        you see what belongs to this.
      </Notice>
    </div>
  );
}
