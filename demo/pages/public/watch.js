const ANSWER_MAX_MS = 4000;
const lost = document.querySelector('#lost');

/**
 * Asks for what a page shows, again and again, one question at a time. While nobody answers, what was
 * shown stays, and the page says that it may be old; `onBack` is called when somebody does again.
 */
export function watch(path, { everyMs, draw, onBack = () => {} }) {
  let shown = '';
  const refresh = async () => {
    try {
      const answer = await fetch(path, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const text = await answer.text();
      if (!lost.hidden) onBack();
      lost.hidden = true;
      // Drawn anew only when something changed, so that the focus stays where it is.
      if (text === shown) return;
      shown = text;
      draw(JSON.parse(text));
    } catch {
      lost.hidden = false;
    }
  };
  const goOn = async () => {
    await refresh();
    setTimeout(() => void goOn(), everyMs);
  };
  void goOn();
  return {
    /** Asks now, and draws whatever comes. */
    async redraw() {
      shown = '';
      await refresh();
    },
  };
}
