import { createContext, use, type ReactNode } from 'react';
import type { ConsoleApi } from '../api/console-api.ts';

const Context = createContext<ConsoleApi | undefined>(undefined);

/** Gives every screen below the connection to the server. */
export function ApiProvider({
  api,
  children,
}: {
  readonly api: ConsoleApi;
  readonly children: ReactNode;
}) {
  return <Context value={api}>{children}</Context>;
}

/** The connection to the server. */
export function useApi(): ConsoleApi {
  const api = use(Context);
  if (!api) throw new Error('useApi stands outside of ApiProvider');
  return api;
}
