import { Navigate } from '@tanstack/react-router';
import { placesOf } from '../shell/areas.ts';
import { Page } from '../shell/page.tsx';
import { useSelf } from '../shell/self-context.tsx';
import { EmptyState } from '../ui/surface.tsx';

/** `/`: to the first page of one's own work. */
export function HomePage() {
  const [first] = placesOf(useSelf());
  if (first) return <Navigate to={first.to} replace />;
  return (
    <Page crumbs={[{ label: 'Welcome' }]}>
      <EmptyState title="Your account has no role yet.">
        Your team lead gives it one by confirming the code from your onboarding screen. Then sign in
        again.
      </EmptyState>
    </Page>
  );
}
