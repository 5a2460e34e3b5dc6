import { createContext, use, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { letterShortcuts } from './preferences.ts';
import { matchesKey, type Shortcut } from './shortcut-keys.ts';

interface Registry {
  add(shortcut: Shortcut): () => void;
  list(): readonly Shortcut[];
}

const Context = createContext<Registry | undefined>(undefined);

/** Listens to the keyboard for whatever the screens below have registered. */
export function ShortcutProvider({ children }: { readonly children: ReactNode }) {
  const [registry] = useState(createRegistry);
  useEffect(() => {
    const listener = (event: KeyboardEvent) => {
      // Newest first: a dialog's keys win over those of the page below it.
      const hit = registry
        .list()
        .toReversed()
        .find((shortcut) => matchesKey(event, shortcut, letterShortcuts.get()));
      if (!hit) return;
      event.preventDefault();
      hit.run();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, [registry]);
  return <Context value={registry}>{children}</Context>;
}

/** Registers a shortcut while the component is mounted. */
export function useShortcut(keys: string, label: string, run: () => void): void {
  const registry = useShortcutRegistry();
  const latest = useRef(run);
  useEffect(() => {
    latest.current = run;
  });
  const shortcut = useMemo(() => ({ keys, label, run: () => latest.current() }), [keys, label]);
  useEffect(() => registry.add(shortcut), [registry, shortcut]);
}

/** What is registered at this moment: for the help dialog. */
export function useShortcutRegistry(): Registry {
  const registry = use(Context);
  if (!registry) throw new Error('useShortcut stands outside of ShortcutProvider');
  return registry;
}

function createRegistry(): Registry {
  const shortcuts = new Set<Shortcut>();
  return {
    add(shortcut) {
      shortcuts.add(shortcut);
      return () => {
        shortcuts.delete(shortcut);
      };
    },
    list: () => [...shortcuts],
  };
}
