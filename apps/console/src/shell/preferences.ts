import { createStore, type Store } from '../api/store.ts';

export type Theme = 'system' | 'light' | 'dark';
const themes: readonly Theme[] = ['system', 'light', 'dark'];

/** Preferences of this browser; nothing about a person or a customer. */
export const theme: Store<Theme> = createStore(
  themes.find((one) => one === read('theme')) ?? 'system',
);
/** WCAG 2.1.4: single letters as shortcuts can be switched off. */
export const letterShortcuts: Store<boolean> = createStore(read('letters') !== 'off');
/**
 * Whether the last one to sign in here was at a machine of their own (`personal`). Not known is no: it opens
 * nothing, it only lets the sign-in page offer what this browser keeps.
 */
export const ownMachine: Store<boolean> = createStore(read('own-machine') === 'yes');

/** Shows the chosen theme and remembers changes of preferences. */
export function applyPreferences(): void {
  const show = () => {
    const chosen = theme.get();
    if (chosen === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = chosen;
  };
  show();
  theme.subscribe(() => {
    show();
    write('theme', theme.get());
  });
  ownMachine.subscribe(() => write('own-machine', ownMachine.get() ? 'yes' : 'no'));
  letterShortcuts.subscribe(() => write('letters', letterShortcuts.get() ? 'on' : 'off'));
}

/** system → light → dark → system. */
export function nextTheme(current: Theme): Theme {
  return themes[(themes.indexOf(current) + 1) % themes.length]!;
}

function read(name: string): string | null {
  try {
    return globalThis.localStorage?.getItem(`proofline.${name}`) ?? null;
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    globalThis.localStorage?.setItem(`proofline.${name}`, value);
  } catch {
    // A browser that stores nothing still works; it only forgets.
  }
}
