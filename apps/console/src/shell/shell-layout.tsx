import { readSelf } from '@proofline/protocol';
import { Outlet } from '@tanstack/react-router';
import { Menu } from 'lucide-react';
import { useCallback, useEffect, useState, type ReactNode } from 'react';
import { NotConfirmed } from '../api/refusal.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Notice, ProblemNotice } from '../ui/notice.tsx';
import { Loading } from '../ui/surface.tsx';
import { useApi } from './api-context.tsx';
import { BreakGlassBanner } from './break-glass-banner.tsx';
import { JumpMenu } from './jump-menu.tsx';
import { LiveEvents } from './live-events.tsx';
import { MovedNotice } from './moved-notice.tsx';
import { Navigation } from './navigation.tsx';
import { ownMachine } from './preferences.ts';
import { RecoveryBanner } from './recovery-banner.tsx';
import { SignInRequestBanner } from './sign-in-request-banner.tsx';
import { useRouteQuery } from './route-queries.ts';
import { SelfProvider } from './self-context.tsx';
import { ShortcutHelp } from './shortcut-help.tsx';
import { StopBanner } from './stop-banner.tsx';
import { LeaveGuard } from './unsent-work.tsx';
import { useForgetOnMove } from './use-forget-on-move.ts';
import { useIdleLock } from './use-idle-lock.ts';
import { Wordmark } from './wordmark.tsx';

/** The frame around every page of somebody who is signed in. */
export function ShellLayout({ banner }: { readonly banner: ReactNode }) {
  const self = useRouteQuery(readSelf, {});
  const move = useForgetOnMove(self.data);
  const { refetch } = self;
  const tellServer = useCallback(() => void refetch(), [refetch]);
  useIdleLock(self.data?.lockAfterSeconds, tellServer);
  const mode = self.data?.mode;
  useEffect(() => {
    if (mode) ownMachine.set(mode === 'personal');
  }, [mode]);
  // A later look that failed takes nothing away from under somebody's hands: the stream says it is late.
  if (self.error && !self.data) {
    return (
      <main className="mx-auto max-w-lg p-4">
        <h1 className="sr-only">Proofline</h1>
        <NothingShown error={self.error} onAgain={tellServer} />
      </main>
    );
  }
  if (!self.data) return <Loading what="your work" />;
  return (
    <SelfProvider self={self.data}>
      <LiveEvents>
        <Frame
          banner={
            <>
              {move && <MovedNotice move={move} />}
              {banner}
            </>
          }
        />
      </LiveEvents>
    </SelfProvider>
  );
}

/** Nothing was to be sent here, and nothing typed stands any more. */
function NothingShown({ error, onAgain }: { readonly error: Error; readonly onAgain: () => void }) {
  return error instanceof NotConfirmed ? (
    <Notice
      kind="warn"
      title="You did not sign in again, so nothing is shown."
      actions={<Button onClick={onAgain}>Sign in again</Button>}
    />
  ) : (
    <ProblemNotice error={error} actions={<Button onClick={onAgain}>Try again</Button>} />
  );
}

function Frame({ banner }: { readonly banner: ReactNode }) {
  const { config } = useApi();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isJumping, setJumping] = useState(false);
  return (
    <div className="flex min-h-dvh flex-col lg:grid lg:grid-cols-[13.5rem_1fr]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:bg-surface focus:p-2"
      >
        Skip to the content
      </a>
      <header className="sticky top-0 hidden h-dvh flex-col gap-4 border-r border-line bg-surface p-3 lg:flex">
        <Wordmark company={config.companyName} environment={config.environment} />
        <Navigation onJump={() => setJumping(true)} />
      </header>
      <header className="flex items-center gap-2 border-b border-line bg-surface px-3 py-2 lg:hidden">
        <Button
          variant="quiet"
          aria-label="Menu"
          icon={<Menu aria-hidden size={18} />}
          onClick={() => setMenuOpen(true)}
        />
        <Wordmark company={config.companyName} environment={config.environment} />
      </header>
      <Dialog open={isMenuOpen} onClose={() => setMenuOpen(false)} title="Menu" width="max-w-sm">
        <div className="flex flex-col gap-4 p-3">
          <Navigation
            onJump={() => {
              setMenuOpen(false);
              setJumping(true);
            }}
            onGo={() => setMenuOpen(false)}
          />
        </div>
      </Dialog>
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        <RecoveryBanner />
        <SignInRequestBanner />
        <StopBanner />
        <BreakGlassBanner />
        {banner}
        <Outlet />
      </main>
      <LeaveGuard />
      <JumpMenu open={isJumping} onOpenChange={setJumping} />
      <ShortcutHelp />
    </div>
  );
}
