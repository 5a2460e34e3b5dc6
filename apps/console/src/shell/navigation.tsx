import { useMutation } from '@tanstack/react-query';
import { Link, useRouterState } from '@tanstack/react-router';
import {
  Keyboard,
  KeyRound,
  LifeBuoy,
  Lock,
  LogOut,
  Monitor,
  MonitorSmartphone,
  Moon,
  Search,
  Sun,
} from 'lucide-react';
import { roleWords } from '../format/words.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { KeyHint } from '../ui/key-hint.tsx';
import { useStore } from '../ui/use-store.ts';
import { useApi } from './api-context.tsx';
import { placeAt, placesOf } from './areas.ts';
import { nextTheme, theme } from './preferences.ts';
import { useSelf } from './self-context.tsx';
import { isApple, openShortcutHelp } from './shortcut-help.tsx';
import { keyText } from './shortcut-keys.ts';

const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

/** Where one can go, who one is, and the few settings there are. */
export function Navigation({
  onJump,
  onGo,
}: {
  readonly onJump: () => void;
  readonly onGo?: () => void;
}) {
  const self = useSelf();
  const places = placesOf(self);
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const here = placeAt(pathname, self)?.to;
  return (
    <>
      <button
        type="button"
        onClick={onJump}
        className="control flex items-center gap-2 text-left text-sm text-dim"
      >
        <Search aria-hidden size={14} />
        <span className="flex-1 text-text">Jump to</span>
        <KeyHint keys={keyText('mod+k', isApple())} />
      </button>
      <nav aria-label="Areas" className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto">
        {[...new Set(places.map(({ area }) => area))].map((area) => (
          <div key={area}>
            <p className="label-mono px-2 pb-1 text-dim">{area}</p>
            <ul>
              {places
                .filter((place) => place.area === area)
                .map(({ to, label, icon: Icon }) => (
                  <li key={to}>
                    <Link
                      to={to}
                      {...(onGo ? { onClick: onGo } : {})}
                      // What the router says of itself knows only the address.
                      activeProps={{ 'aria-current': undefined }}
                      aria-current={currentOf(to, { here, pathname })}
                      className={classNames(
                        'flex min-h-8 items-center gap-2 rounded-md px-2 text-sm text-text hover:bg-raised hover:text-bright',
                        to === here && 'bg-accent-ground font-medium',
                      )}
                    >
                      <Icon aria-hidden size={15} />
                      {label}
                    </Link>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </nav>
      <Foot {...(onGo ? { onGo } : {})} />
    </>
  );
}

/** `page` for the page itself, `true` for the list that what is open belongs to. */
function currentOf(
  to: string,
  { here, pathname }: { readonly here: string | undefined; readonly pathname: string },
): 'page' | 'true' | undefined {
  if (to !== here) return undefined;
  return to === pathname ? 'page' : 'true';
}

function Foot({ onGo }: { readonly onGo?: () => void }) {
  const self = useSelf();
  const { lock, session, signOut: leave } = useApi();
  const chosen = useStore(theme);
  const ThemeIcon = themeIcons[chosen];
  const signOut = useMutation({
    mutationFn: leave,
    onSuccess(elsewhere) {
      session.forget('left');
      if (elsewhere !== undefined) window.location.assign(elsewhere);
    },
  });
  return (
    <div className="flex flex-col gap-2 border-t border-line pt-3">
      <div className="px-2 text-sm">
        <p className="text-bright">{self.displayName}</p>
        <p className="text-xs text-dim">
          {self.roles.map((role) => roleWords[role]).join(', ') || 'No role yet'} · {self.desk}
        </p>
      </div>
      <Link
        to="/passkeys"
        {...(onGo ? { onClick: onGo } : {})}
        className="flex min-h-8 items-center gap-2 rounded-md px-2 text-sm text-text hover:bg-raised hover:text-bright"
      >
        <KeyRound aria-hidden size={15} />
        My passkeys
      </Link>
      <Link
        to="/my-recovery"
        {...(onGo ? { onClick: onGo } : {})}
        className="flex min-h-8 items-center gap-2 rounded-md px-2 text-sm text-text hover:bg-raised hover:text-bright"
      >
        <LifeBuoy aria-hidden size={15} />
        My recovery
      </Link>
      <Link
        to="/my-sessions"
        {...(onGo ? { onClick: onGo } : {})}
        className="flex min-h-8 items-center gap-2 rounded-md px-2 text-sm text-text hover:bg-raised hover:text-bright"
      >
        <MonitorSmartphone aria-hidden size={15} />
        My sessions
      </Link>
      <div className="flex flex-wrap gap-1">
        <Button
          variant="quiet"
          aria-label={`Theme: ${chosen}. Change`}
          icon={<ThemeIcon aria-hidden size={16} />}
          onClick={() => theme.set(nextTheme(chosen))}
        />
        <Button
          variant="quiet"
          aria-label="Keyboard shortcuts"
          icon={<Keyboard aria-hidden size={16} />}
          onClick={openShortcutHelp}
        />
        <Button
          variant="quiet"
          aria-label="Lock the screen"
          icon={<Lock aria-hidden size={16} />}
          onClick={() => {
            onGo?.();
            lock.lock('by-hand');
          }}
        />
        <Button
          variant="quiet"
          pending={signOut.isPending}
          icon={<LogOut aria-hidden size={16} />}
          onClick={() => signOut.mutate()}
        >
          Sign out
        </Button>
      </div>
    </div>
  );
}
