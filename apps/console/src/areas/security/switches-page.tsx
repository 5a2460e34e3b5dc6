import { listSwitches, type SwitchStateFilter } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { SelectField, type Choice } from '../../ui/field.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { SwitchItem } from './switch-item.tsx';
import { ThrowSection } from './throw-section.tsx';

const route = getRouteApi('/app/security/switches');

const stateChoices: readonly Choice<SwitchStateFilter>[] = [
  { value: 'standing', label: 'Standing' },
  { value: 'ended', label: 'Lifted or run out' },
];

/** What is stopped at once: throw a switch, see what stands, lift a colleague's. */
export function SwitchesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { state } = search;
  const list = useRouteQuery(listSwitches, { query: { state } }, { keepPrevious: true });
  return (
    <Page crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Switches' }]}>
      <div className="grid items-start gap-3 xl:grid-cols-[24rem_1fr]">
        <ThrowSection
          services={list.data?.services ?? []}
          kind={search.kind}
          name={search.name}
          onChoose={(chosen) => void navigate({ search: { state, ...chosen }, replace: true })}
        />
        <div className="flex min-w-0 flex-col gap-3">
          <div className="w-52">
            <SelectField
              label="State"
              empty="Every state"
              choices={stateChoices}
              value={state}
              onChoose={(chosen) =>
                void navigate({ search: { ...search, state: chosen }, replace: true })
              }
            />
          </div>
          {list.error && <ProblemNotice error={list.error} />}
          <Section title="Switches" flush>
            {list.isPending && <Loading what="the switches" />}
            {list.data?.switches.length === 0 && (
              <EmptyState
                title={state ? 'No switch is in this state.' : 'Nothing was ever stopped.'}
              >
                {state
                  ? 'Choose another state above.'
                  : 'A switch stops an action, a person or an integration for everybody at once.'}
              </EmptyState>
            )}
            <ul className="flex flex-col divide-y divide-line">
              {list.data?.switches.map((one) => (
                <SwitchItem key={one.switchId} one={one} />
              ))}
            </ul>
          </Section>
        </div>
      </div>
    </Page>
  );
}
