import { createStore } from '../api/store.ts';
import { Dialog } from '../ui/dialog.tsx';
import { KeyHint } from '../ui/key-hint.tsx';
import { useStore } from '../ui/use-store.ts';
import { useApi } from './api-context.tsx';
import { letterShortcuts } from './preferences.ts';
import { keyText } from './shortcut-keys.ts';
import { useShortcut, useShortcutRegistry } from './shortcuts.tsx';

const isOpen = createStore(false);

/** Shows the shortcuts of the present page. */
export function openShortcutHelp(): void {
  isOpen.set(true);
}

/** Whether the command key is the one in use here. */
export function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** `?`: what each key does on this page, and the switch that turns single letters off. */
export function ShortcutHelp() {
  const open = useStore(isOpen);
  const lettersOn = useStore(letterShortcuts);
  const registry = useShortcutRegistry();
  useShortcut('?', 'Show these shortcuts', openShortcutHelp);
  const { lock } = useApi();
  useShortcut('mod+shift+l', 'Lock the screen', () => lock.lock('by-hand'));
  return (
    <Dialog
      open={open}
      onClose={() => isOpen.set(false)}
      title="Keyboard shortcuts"
      description="Those of the page that you are on. Tab, Enter and the arrow keys work everywhere."
    >
      <div className="flex flex-col gap-3 px-4 pb-4">
        <dl className="flex flex-col">
          {registry.list().map(({ keys, label }) => (
            <div
              key={keys}
              className="flex justify-between gap-4 border-b border-line py-1.5 text-sm"
            >
              <dt>{label}</dt>
              <dd className="text-bright">
                <KeyHint keys={keyText(keys, isApple())} />
                <span className="sr-only">{keyText(keys, isApple())}</span>
              </dd>
            </div>
          ))}
        </dl>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="size-4 accent-accent"
            checked={lettersOn}
            onChange={({ target }) => letterShortcuts.set(target.checked)}
          />
          Single letters work as shortcuts
        </label>
      </div>
    </Dialog>
  );
}
