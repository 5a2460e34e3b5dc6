/** A request is open until it has one answer; then it never changes again. */
export type ProofRequestState = 'open' | 'bound' | 'declined' | 'cancelled' | 'expired' | 'refused';

/** How a request can end. */
export type ProofRequestEnd = Exclude<ProofRequestState, 'open'>;

/** Everything that can end a request: the word for the evidence → the state that it leads to. */
const endings: Readonly<Record<string, ProofRequestEnd>> = {
  proved: 'bound',
  'not-me': 'declined',
  'not-now': 'declined',
  'agent-cancelled': 'cancelled',
  'call-ended': 'cancelled',
  expired: 'expired',
  'number-wrong': 'refused',
  'credential-not-theirs': 'refused',
  'other-customer': 'refused',
};

/** The state after an ending; whatever is not known refuses. `undefined`: it had ended before. */
export function endOf(state: ProofRequestState, because: string): ProofRequestEnd | undefined {
  if (state !== 'open') return undefined;
  return (Object.hasOwn(endings, because) ? endings[because] : undefined) ?? 'refused';
}

/**
 * Whether an answer says, or shows, that whoever is at the contact on file is not the caller: “not
 * me”, and whatever is refused (a wrong number, another person’s passkey). It ends also what the same
 * customer had proved on that call before: of two signals that contradict each other, the one that
 * opens less counts (P7).
 */
export function contradicts(because: string | null): boolean {
  return because !== null && (because === 'not-me' || endOf('open', because) === 'refused');
}

/** How a stored request looks at this moment: an open one whose time is over has expired. */
export function stateAt(
  request: { readonly state: ProofRequestState; readonly expiresAt: Date },
  nowMs: number,
): ProofRequestState {
  if (request.state === 'open' && request.expiresAt.getTime() <= nowMs) return 'expired';
  return request.state;
}
