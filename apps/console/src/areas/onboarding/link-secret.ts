/** The secret of an onboarding link: what stands behind `#`, which no server ever sees. */
export function readSecret(location: Pick<Location, 'hash'>): string | undefined {
  return location.hash.slice(1) || undefined;
}

/** Takes the secret out of the address once it is used: it shall not stay in the history. */
export function dropSecret(): void {
  window.history.replaceState(window.history.state, '', window.location.pathname);
}
