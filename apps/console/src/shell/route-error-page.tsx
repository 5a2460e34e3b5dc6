import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../ui/button.tsx';
import { ProblemNotice } from '../ui/notice.tsx';

/** A page that could not be shown. */
export function RouteErrorPage({ error, reset }: ErrorComponentProps) {
  return (
    <main className="mx-auto max-w-lg p-4">
      <h1 className="mb-3 text-lg font-medium text-bright">This page could not be shown</h1>
      <ProblemNotice error={error} actions={<Button onClick={reset}>Try again</Button>} />
    </main>
  );
}
