/** A key on the keyboard. */
export function KeyHint({ keys }: { readonly keys: string }) {
  return (
    <kbd
      aria-hidden
      className="inline-flex min-w-4.5 items-center justify-center rounded-sm border border-current/40 px-1 font-mono text-2xs leading-4"
    >
      {keys}
    </kbd>
  );
}
