const SOON_MS = 1_000;

/** Runs the work of a button; where that takes longer than a moment, the button says so in words. */
export async function whileBusy(
  made: { textContent: string | null } | null,
  work: () => Promise<void> | void,
): Promise<void> {
  const label = made?.textContent ?? '';
  const soon = setTimeout(() => {
    if (made) made.textContent = 'One moment …';
  }, SOON_MS);
  try {
    await work();
  } finally {
    clearTimeout(soon);
    if (made) made.textContent = label;
  }
}
