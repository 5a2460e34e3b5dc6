import { useEffect, useState } from 'react';
import { connectConsole, type ConsoleApi } from './api/console-api.ts';
import { RingWatcher } from './areas/agent/ring-watcher.tsx';
import { Button } from './ui/button.tsx';
import { ProblemNotice } from './ui/notice.tsx';
import { Loading } from './ui/surface.tsx';
import { ApiProvider } from './shell/api-context.tsx';
import { ScreenLock } from './shell/lock-screen.tsx';
import { SessionGate } from './shell/session-gate.tsx';
import { ShellLayout } from './shell/shell-layout.tsx';
import { StepUpDialog } from './shell/step-up-dialog.tsx';

/** Not a query: it must outlive every cache that a change of person empties. */
interface Connection {
  readonly api?: ConsoleApi;
  readonly error?: unknown;
}

/** Connects to the server once, then lets in whoever is signed in. */
export function ConsoleRoot() {
  const [connecting, setConnecting] = useState(connectConsole);
  const [connection, setConnection] = useState<Connection>({});
  useEffect(() => {
    connecting.then(
      (api) => setConnection({ api }),
      (error: unknown) => setConnection({ error }),
    );
  }, [connecting]);
  const again = () => {
    setConnection({});
    setConnecting(connectConsole());
  };
  if (connection.error !== undefined) {
    return (
      <main className="mx-auto max-w-lg p-4">
        <h1 className="mb-3 text-lg font-medium text-bright">Proofline cannot be reached</h1>
        <ProblemNotice
          error={connection.error}
          actions={<Button onClick={again}>Try again</Button>}
        />
      </main>
    );
  }
  if (!connection.api) return <Loading what="the console" />;
  return (
    <ApiProvider api={connection.api}>
      <SessionGate>
        <ShellLayout banner={<RingWatcher />} />
      </SessionGate>
      <StepUpDialog />
      <ScreenLock />
    </ApiProvider>
  );
}
