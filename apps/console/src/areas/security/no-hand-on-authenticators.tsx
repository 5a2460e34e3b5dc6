import { ShieldOff } from 'lucide-react';

/** Says what is not here, and why: so that nobody looks for the button. */
export function NoHandOnAuthenticators() {
  return (
    <aside
      aria-label="About authenticators"
      className="flex gap-2.5 rounded-md border border-line bg-surface px-3 py-2 text-sm"
    >
      <ShieldOff aria-hidden size={16} className="mt-0.5 shrink-0 text-dim" />
      <p className="max-w-4xl">
        <strong className="font-medium text-bright">
          Nobody can add, replace or reset an authenticator for somebody else.
        </strong>{' '}
        Not support, not HR, not you: there is no such button and no such request. Whoever could do
        it for a colleague could do it for a caller who says “I lost my phone”. What you can always
        do is to end a session.
      </p>
    </aside>
  );
}
