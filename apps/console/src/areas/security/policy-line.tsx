import { decisionsOfPolicy, type CaseOutcome, type readPolicySet } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import { Ban, Check } from 'lucide-react';
import type { z } from 'zod';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

type PolicySet = z.output<typeof readPolicySet.reply>;
type Policy = PolicySet['policies'][number];

/** One policy as a sentence; opened, with its text, its named cases and its last decisions. */
export function PolicyLine({
  policy,
  isOpen,
  cases,
  failed,
}: {
  readonly policy: Policy;
  readonly isOpen: boolean;
  readonly cases: PolicySet['cases'];
  readonly failed: CaseOutcome['failed'];
}) {
  return (
    <li className="py-2 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        {policy.effect === 'permit' ? (
          <Badge icon={Check} tone="accent">
            Permit
          </Badge>
        ) : (
          <Badge icon={Ban} tone="danger">
            Forbid
          </Badge>
        )}
        <span className="text-bright">{policy.text}</span>
      </div>
      <Link
        to="/security/policies"
        search={(now) => ({ ...now, policy: isOpen ? undefined : policy.id })}
        aria-expanded={isOpen}
        className="mt-1 inline-block font-mono text-xs text-dim hover:text-bright"
      >
        {policy.id}
      </Link>
      {isOpen && (
        <div className="mt-1.5 flex flex-col gap-2 text-sm">
          <pre
            tabIndex={0}
            aria-label={`Cedar text of ${policy.id}`}
            className="overflow-x-auto rounded-md border border-line bg-ground p-2.5 font-mono text-xs text-text"
          >
            {policy.cedar}
          </pre>
          <p>
            <Link
              to="/security/policies"
              search={(now) => ({ ...now, file: policy.path, at: undefined })}
              className="text-bright underline"
            >
              Change {policy.path} …
            </Link>
          </p>
          <Cases cases={cases} failed={failed} />
          <LastDecisions policyId={policy.id} />
        </div>
      )}
    </li>
  );
}

function Cases({
  cases,
  failed,
}: {
  readonly cases: PolicySet['cases'];
  readonly failed: CaseOutcome['failed'];
}) {
  return (
    <div>
      <h3 className="label-mono text-dim">Named cases that rest on it</h3>
      {cases.length === 0 && <p className="text-dim">None.</p>}
      <ul className="list-disc pl-4">
        {cases.map(({ name, because }) => (
          <li key={name}>
            <Link
              to="/security/policies"
              search={(now) => ({ ...now, file: `cases/${name}.json`, at: undefined })}
              aria-label={`Change the case ${name}`}
              className="font-mono text-xs text-bright underline"
            >
              {name}
            </Link>{' '}
            {because}
            {failed.some((one) => one.name === name) && (
              <strong className="text-danger"> Comes out otherwise.</strong>
            )}
          </li>
        ))}
      </ul>
    </div>
  );
}

function LastDecisions({ policyId }: { readonly policyId: string }) {
  const last = useRouteQuery(decisionsOfPolicy, { query: { policy: policyId } });
  return (
    <div>
      <h3 className="label-mono text-dim">Last decisions that rested on it</h3>
      {last.isPending && <Loading what="decisions" />}
      {last.error && <ProblemNotice error={last.error} />}
      {last.data?.decisions.length === 0 && <p className="text-dim">None lately.</p>}
      <ul className="flex flex-col">
        {last.data?.decisions.map(({ decisionId, action, effect, decidedAt }) => (
          <li key={decisionId} className="flex flex-wrap gap-x-3">
            <Moment at={decidedAt} />
            <span className="text-bright">{action}</span>
            <span>{effect === 'permit' ? 'permitted' : 'denied'}</span>
            <span className="font-mono text-xs break-all text-dim">{decisionId}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
