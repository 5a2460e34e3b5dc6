import './shell/zod-without-eval.ts';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { createRoot } from 'react-dom/client';
import { createConsoleRouter } from './router.tsx';
import { leaveNothingBehind } from './shell/leave-nothing-behind.ts';
import { applyPreferences } from './shell/preferences.ts';
import { createQueryClient } from './shell/query-client.ts';
import { ShortcutProvider } from './shell/shortcuts.tsx';

applyPreferences();
leaveNothingBehind();
const root = document.querySelector('#root');
if (!root) throw new Error('the page has no #root');
createRoot(root).render(
  <QueryClientProvider client={createQueryClient()}>
    <ShortcutProvider>
      <RouterProvider router={createConsoleRouter()} />
    </ShortcutProvider>
  </QueryClientProvider>,
);
