const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** ISO time → `{ day: '2 Nov 2026', clock: '09:00:00' }`, in the reader's time zone. */
export function momentOf(iso: string): { readonly day: string; readonly clock: string } {
  const date = new Date(iso);
  return { day: day.format(date), clock: clock.format(date) };
}

/** Milliseconds → an age in words: `8 s`, `2 min 5 s`, `3 h 10 min`. Negative counts as nothing. */
export function ageText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}

/** Milliseconds left → `4:32`; `0:00` when over. */
export function countdownText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
