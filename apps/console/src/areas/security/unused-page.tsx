import {
  actions,
  proposeNarrower,
  readUnused,
  type HeldAction,
  type Role,
} from '@proofline/protocol';
import { systemClock } from '@proofline/kernel';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { z } from 'zod';
import { knownRefusal } from '../../format/control-state.ts';
import { roleWords } from '../../format/words.ts';
import { Page } from '../../shell/page.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { choicesOf, SelectField, TextField } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { policyReads } from '../../shell/policy-reads.ts';
import { idleNote, isShorter } from './idle-note.ts';

const route = getRouteApi('/app/security/unused');
type Found = z.output<typeof readUnused.reply>;

const DAYS = 30;
const spans = { '7': 'a week', '30': 'thirty days', '90': 'ninety days' } as const;

/** Which actions a role holds and nobody of it used, and the policies without them. */
export function UnusedPage() {
  const { days = DAYS, role, desk } = route.useSearch();
  const navigate = route.useNavigate();
  const query = { days, ...(role && { role }), ...(desk && { desk }) };
  const found = useRouteQuery(readUnused, { query }, { keepPrevious: true });
  const choose = (chosen: object) =>
    void navigate({ search: (now) => ({ ...now, ...chosen }), replace: true });
  const desks = found.data?.desks ?? [];
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Unused rights' }]}>
      <div className="flex flex-wrap gap-3">
        <SelectField
          label="Not used for"
          choices={choicesOf(spans)}
          value={days === 7 ? '7' : days === 90 ? '90' : '30'}
          onChoose={(value) => choose({ days: Number(value ?? DAYS) })}
        />
        <SelectField
          label="Role"
          empty="Every role"
          choices={choicesOf(roleWords)}
          value={role}
          onChoose={(value) => choose({ role: value })}
        />
        <SelectField
          label="Desk"
          empty="Every desk"
          choices={desks.map((value) => ({ value, label: value }))}
          value={desk}
          onChoose={(value) => choose({ desk: value })}
        />
      </div>
      {found.isPending && <Loading what="what was used" />}
      {found.error && <ProblemNotice error={found.error} />}
      {found.data && (
        <>
          <p className="text-sm text-dim">
            {found.data.decisions} recorded decisions since <Moment at={found.data.from} />. What
            was asked for and denied is no use.
            {isShorter(found.data.from, { days, nowMs: systemClock.now() }) &&
              ' Nothing older is recorded.'}
          </p>
          <Roles key={`${days} ${desk ?? ''}`} found={found.data} days={days} isWhole={!desk} />
        </>
      )}
    </Page>
  );
}

interface Chosen {
  readonly role: Role;
  readonly action: string;
}

function Roles({
  found,
  days,
  isWhole,
}: {
  readonly found: Found;
  readonly days: number;
  /** Not of one desk only: policies are the same for all. */
  readonly isWhole: boolean;
}) {
  const [chosen, setChosen] = useState<readonly Chosen[]>([]);
  const idle = found.roles.filter(({ held }) => held.some(({ uses }) => uses === 0));
  const isChosen = (one: Chosen) =>
    chosen.some(({ role, action }) => role === one.role && action === one.action);
  const toggle = (one: Chosen) =>
    setChosen(
      isChosen(one)
        ? chosen.filter(({ role, action }) => role !== one.role || action !== one.action)
        : [...chosen, one],
    );
  if (idle.length === 0) {
    return <EmptyState title="Nothing lies idle.">Every right was used in this time.</EmptyState>;
  }
  return (
    <>
      {idle.map(({ role, people, held }) => {
        const unused = held.filter(({ uses }) => uses === 0);
        return (
          <Section key={role} title={roleWords[role]}>
            <div className="flex flex-col gap-2 text-sm">
              <p className="text-dim">
                {people} {people === 1 ? 'colleague' : 'colleagues'}; {unused.length} of{' '}
                {held.length} actions unused
              </p>
              <ul className="flex flex-col gap-1">
                {unused.map((one) => (
                  <UnusedAction
                    key={one.action}
                    held={one}
                    isChosen={isChosen({ role, action: one.action })}
                    canChoose={isWhole}
                    onToggle={() => toggle({ role, action: one.action })}
                  />
                ))}
              </ul>
            </div>
          </Section>
        );
      })}
      <ProposeNarrower chosen={chosen} days={days} from={found.from} isWhole={isWhole} />
    </>
  );
}

function UnusedAction({
  held: { action, policies, keptBecause },
  isChosen,
  canChoose,
  onToggle,
}: {
  readonly held: HeldAction;
  readonly isChosen: boolean;
  readonly canChoose: boolean;
  readonly onToggle: () => void;
}) {
  const label = Object.entries(actions).find(([name]) => name === action)?.[1].label ?? action;
  return (
    <li>
      <label className="flex flex-wrap items-center gap-x-2">
        <input
          type="checkbox"
          checked={isChosen}
          disabled={!canChoose || keptBecause !== undefined}
          onChange={onToggle}
        />
        <span className="text-bright">{label}</span>
        <span className="font-mono text-xs text-dim">
          {action} by {policies.join(', ')}
        </span>
      </label>
      {keptBecause !== undefined && <p className="pl-6 text-xs text-dim">Kept. {keptBecause}</p>}
    </li>
  );
}

function ProposeNarrower({
  chosen,
  days,
  from,
  isWhole,
}: {
  readonly chosen: readonly Chosen[];
  readonly days: number;
  /** Since when there are decisions to look at. */
  readonly from: string;
  readonly isWhole: boolean;
}) {
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const { capabilities } = useSelf();
  const [dropCases, setDropCases] = useState(true);
  const [typed, setTyped] = useState<string>();
  // Until somebody types, it says the span that is shown now, not the one that was shown before.
  const note = typed ?? idleNote(from, systemClock.now());
  const propose = useRouteMutation(proposeNarrower, ({ candidateId }) => {
    refreshSoon(queries, policyReads);
    void navigate({ to: '/security/policies', search: { set: candidateId } });
  });
  const nothing = {
    reason: isWhole ? 'Nothing is chosen.' : 'This shows one desk, and policies hold for all.',
    nextStep: isWhole ? 'Choose what the roles are to lose.' : 'Choose every desk.',
  };
  return (
    <Section title="Propose the policies without them">
      <div className="flex flex-col gap-3 text-sm">
        <p className="text-dim">
          Nothing changes by it: the candidate can be shadowed and replayed first, and a second
          person makes it live.
        </p>
        <label className="flex gap-2">
          <input
            type="checkbox"
            checked={dropCases}
            onChange={({ target }) => setDropCases(target.checked)}
          />
          <span>
            Leave out the named cases that promise them. Whoever makes it live reads which; with
            these cases kept, it cannot become live.
          </span>
        </label>
        <TextField
          label="What it is for"
          maxLength={500}
          value={note}
          onChange={({ target }) => setTyped(target.value)}
        />
        {propose.error && <ProblemNotice error={propose.error} />}
        <GuardedButton
          variant="primary"
          pending={propose.isPending}
          refusal={
            knownRefusal(capabilities, 'policy:propose') ??
            (chosen.length === 0 || !isWhole ? nothing : undefined)
          }
          onClick={() => propose.mutate({ body: { days, remove: [...chosen], dropCases, note } })}
        >
          Propose without {chosen.length}
        </GuardedButton>
      </div>
    </Section>
  );
}
