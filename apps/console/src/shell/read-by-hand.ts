import type { Query } from '@tanstack/react-query';

/** Under this key lies what nobody reads but by a press of a button: each reading is told of and judged. */
export const READ_BY_HAND = 'gateway.emergency';

/**
 * How such a thing is read: once, when somebody pressed for it. Neither age, focus, the network, silence nor
 * a change elsewhere asks for it again, and nothing of it is kept once no screen shows it.
 */
export const byHand = {
  // What is there is never too old, whoever calls it so; what is not there, nobody fetches but a press.
  staleTime: 'static',
  enabled: ({ state }: Pick<Query, 'state'>) => state.data !== undefined,
  gcTime: 0,
  retry: false,
  refetchInterval: false,
} as const;
