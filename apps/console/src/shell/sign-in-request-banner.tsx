import { listSignInRequests, refuseSignIn } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { BellRing } from 'lucide-react';
import { Button } from '../ui/button.tsx';
import { useRouteMutation, useRouteQuery } from './route-queries.ts';

/** An application asks whoever is signed in here to sign in to it: one tap refuses it, on every page. */
export function SignInRequestBanner() {
  const queries = useQueryClient();
  const asked = useRouteQuery(listSignInRequests, {});
  const refuse = useRouteMutation(refuseSignIn, () => {
    void queries.invalidateQueries({ queryKey: [listSignInRequests.id] });
  });
  const [request] = asked.data?.requests ?? [];
  if (!request) return null;
  const { applicationName, bindingMessage, requestId } = request;
  return (
    <section aria-label="A request to sign in" className="border-b border-warn bg-warn-ground">
      <p role="alert" className="flex flex-wrap items-center gap-2 px-3 py-2 text-sm lg:px-4">
        <BellRing aria-hidden size={14} className="shrink-0 text-warn" />
        <span>
          {applicationName} asks you to sign in: “{bindingMessage}”
        </span>
        <Link to="/my-sessions" className="underline">
          Look at it
        </Link>
        <Button
          pending={refuse.isPending}
          onClick={() => refuse.mutate({ params: { requestId }, body: {} })}
        >
          Refuse
        </Button>
        {refuse.error && <span className="text-danger">That did not work. Try again.</span>}
      </p>
    </section>
  );
}
