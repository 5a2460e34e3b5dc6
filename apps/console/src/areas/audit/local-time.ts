/** ISO time → the value of a `datetime-local` input, in the reader's time zone; `''` for none. */
export function toLocalInput(iso: string | undefined): string {
  if (!iso) return '';
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** The value of a `datetime-local` input → ISO time; `undefined` for an empty or unfinished one. */
export function fromLocalInput(text: string): string | undefined {
  if (text === '') return undefined;
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** A span that ends now, as absolute times: a link to it shows the same tomorrow. */
export function lastSpan(nowMs: number, hours: number): { from: string; to: string } {
  // A minute ahead, so that an entry of this very moment is in it.
  return {
    from: new Date(nowMs - hours * 3_600_000).toISOString(),
    to: new Date(nowMs + 60_000).toISOString(),
  };
}
