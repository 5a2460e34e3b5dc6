import { listReleases, readPolicySet } from '@proofline/protocol';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { z } from 'zod';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { CandidateItem } from './candidate-item.tsx';
import { DraftSection } from './draft/draft-section.tsx';
import { DifferencesSection } from './differences-section.tsx';
import { PolicyDiffSection } from './policy-diff-section.tsx';
import { PolicyLine } from './policy-line.tsx';
import { ReleaseLine } from './release-line.tsx';
import { StageSection } from './stage-section.tsx';

const route = getRouteApi('/app/security/policies');
type Listed = z.output<typeof listReleases.reply>;

/** The policies in force, what is proposed in their place, and what was in force before. */
export function PoliciesPage() {
  const { set = 'live' } = route.useSearch();
  const list = useRouteQuery(listReleases, {});
  const live = list.data?.releases.find(({ isLive }) => isLive);
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Policies' }]}>
      {list.isPending && <Loading what="the policies" />}
      {list.error && <ProblemNotice error={list.error} />}
      {list.data?.fault !== undefined && (
        <Notice kind="problem" title="A stored release was not taken">
          {list.data.fault} The last good release is in force, and nothing was widened.
        </Notice>
      )}
      {live && <InForce release={live} />}
      <StageSection />
      {list.data && live && <Lists list={list.data} liveSequence={live.release.sequence} />}
      <ShownSet setId={set} liveDigest={live?.release.digest} />
    </Page>
  );
}

/** The set that the address names: what differs, the draft on it, its policies. */
function ShownSet({
  setId,
  liveDigest,
}: {
  readonly setId: string;
  readonly liveDigest: string | undefined;
}) {
  const shown = useRouteQuery(readPolicySet, { params: { setId } }, { keepPrevious: true });
  return (
    <>
      {setId !== 'live' && <PolicyDiffSection setId={setId} />}
      {setId.startsWith('pcd_') && <DifferencesSection setId={setId} />}
      {shown.error && <ProblemNotice error={shown.error} />}
      {/* A draft begins with the set that the address names, not with the one shown until it is there. */}
      {shown.data && !shown.isPlaceholderData && <DraftSection set={shown.data} />}
      {shown.data && (
        // A candidate that was made live is what is in force, under whatever name it was opened.
        <Policies set={shown.data} isLive={setId === 'live' || shown.data.digest === liveDigest} />
      )}
    </>
  );
}

function InForce({ release }: { readonly release: Listed['releases'][number] }) {
  return (
    <Section title="Release in force">
      <PropertyList
        items={[
          { label: 'Number', value: release.release.sequence },
          { label: 'Since', value: <Moment at={release.releasedAt} /> },
          {
            label: 'Digest',
            value: <span className="font-mono text-xs break-all">{release.release.digest}</span>,
          },
        ]}
      />
    </Section>
  );
}

function Lists({ list, liveSequence }: { readonly list: Listed; readonly liveSequence: number }) {
  return (
    <div className="grid items-start gap-3 xl:grid-cols-2">
      <Section title="Candidates">
        {list.candidates.length === 0 ? (
          <EmptyState title="Nothing is proposed.">
            A change waits here until somebody else makes it live.
          </EmptyState>
        ) : (
          <ul className="flex flex-col divide-y divide-line">
            {list.candidates.map((one) => (
              <CandidateItem key={one.candidateId} candidate={one} liveSequence={liveSequence} />
            ))}
          </ul>
        )}
      </Section>
      <Section title="Releases">
        <ul className="flex flex-col divide-y divide-line">
          {list.releases.map((one) => (
            <ReleaseLine key={one.release.sequence} release={one} liveSequence={liveSequence} />
          ))}
        </ul>
      </Section>
    </div>
  );
}

function Policies({
  set,
  isLive,
}: {
  readonly set: z.output<typeof readPolicySet.reply>;
  readonly isLive: boolean;
}) {
  const { policy: open } = route.useSearch();
  const layers = [...new Set(set.policies.map(({ layer }) => layer))];
  return (
    <>
      {!isLive && (
        <Notice title="These are not the policies in force.">
          <Link to="/security/policies" className="underline">
            Show what is in force
          </Link>
        </Notice>
      )}
      <Section title="Invariants">
        <ul className="flex flex-col gap-1 text-sm">
          {set.invariants.map(({ name, says, because }) => (
            <li key={name}>
              {says} <span className="text-dim">{because}</span>
            </li>
          ))}
        </ul>
        {set.invariants.length === 0 && <p className="text-sm text-dim">It holds none.</p>}
      </Section>
      {layers.map((layer) => (
        <Section key={layer} title={layer}>
          <ul className="flex flex-col divide-y divide-line">
            {set.policies
              .filter((policy) => policy.layer === layer)
              .map((policy) => (
                <PolicyLine
                  key={policy.id}
                  policy={policy}
                  isOpen={policy.id === open}
                  cases={set.cases.filter((one) => one.policies.includes(policy.id))}
                  failed={set.outcome.failed}
                />
              ))}
          </ul>
        </Section>
      ))}
    </>
  );
}
