import { readPolicies } from '@proofline/protocol';
import { Ban, Check } from 'lucide-react';
import type { z } from 'zod';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

type Policy = z.output<typeof readPolicies.reply>['policies'][number];

/** The current release: every policy as a sentence, and its text for whoever wants it exactly. */
export function PoliciesPage() {
  const policies = useRouteQuery(readPolicies, {});
  const layers = [...new Set(policies.data?.policies.map(({ layer }) => layer))];
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Policies' }]}>
      {policies.isPending && <Loading what="the policies" />}
      {policies.error && <ProblemNotice error={policies.error} />}
      {policies.data && (
        <Section title="Release in force">
          <PropertyList
            items={[
              { label: 'Number', value: policies.data.release.sequence },
              { label: 'Since', value: <Moment at={policies.data.releasedAt} /> },
              {
                label: 'Digest',
                value: (
                  <span className="font-mono text-xs break-all">
                    {policies.data.release.digest}
                  </span>
                ),
              },
              { label: 'Policies', value: policies.data.policies.length },
            ]}
          />
        </Section>
      )}
      {layers.map((layer) => (
        <Section key={layer} title={layer}>
          <ul className="flex flex-col divide-y divide-line">
            {policies.data?.policies
              .filter((policy) => policy.layer === layer)
              .map((policy) => (
                <PolicyLine key={policy.id} policy={policy} />
              ))}
          </ul>
        </Section>
      ))}
    </Page>
  );
}

function PolicyLine({ policy }: { readonly policy: Policy }) {
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
      <details className="mt-1">
        <summary className="w-fit font-mono text-xs text-dim hover:text-bright">
          {policy.id} <span className="sr-only">in Cedar</span>
        </summary>
        <pre
          tabIndex={0}
          aria-label={`Cedar text of ${policy.id}`}
          className="mt-1.5 overflow-x-auto rounded-md border border-line bg-ground p-2.5 font-mono text-xs text-text"
        >
          {policy.cedar}
        </pre>
      </details>
    </li>
  );
}
