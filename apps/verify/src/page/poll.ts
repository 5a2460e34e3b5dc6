/**
 * Does something every `everyMs` while `marker` is on the page: never twice at once, not while the
 * page is out of sight, and at once when it comes back.
 */
export function pollWhile(marker: Node, everyMs: number, work: () => Promise<void>): void {
  let isBusy = false;
  const round = () => {
    if (isBusy || document.hidden) return;
    if (!marker.isConnected) return stop();
    isBusy = true;
    void work().finally(() => {
      isBusy = false;
    });
  };
  const timer = setInterval(round, everyMs);
  document.addEventListener('visibilitychange', round);
  function stop() {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', round);
  }
}
