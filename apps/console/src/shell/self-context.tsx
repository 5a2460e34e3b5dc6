import type { Self } from '@proofline/protocol';
import { createContext, use, type ReactNode } from 'react';

const Context = createContext<Self | undefined>(undefined);

/** Gives the pages below the signed-in colleague. */
export function SelfProvider({
  self,
  children,
}: {
  readonly self: Self;
  readonly children: ReactNode;
}) {
  return <Context value={self}>{children}</Context>;
}

/** The signed-in colleague and what they may do. */
export function useSelf(): Self {
  const self = use(Context);
  if (!self) throw new Error('useSelf stands outside of SelfProvider');
  return self;
}
