import { Link } from '@tanstack/react-router';

/** An address that no page has. */
export function NotFoundPage() {
  return (
    <main className="mx-auto flex max-w-lg flex-col gap-2 p-6">
      <h1 className="text-lg font-medium text-bright">There is no such page</h1>
      <p>The address is wrong or the page has moved.</p>
      <p>
        <Link to="/" className="text-accent underline">
          Go to your own work
        </Link>
      </p>
    </main>
  );
}
