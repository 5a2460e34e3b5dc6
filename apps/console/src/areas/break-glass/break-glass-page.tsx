import { listBreakGlass } from '@proofline/protocol';
import { getRouteApi } from '@tanstack/react-router';
import { isClosed, controlFor } from '../../format/control-state.ts';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { SelectField } from '../../ui/field.tsx';
import { ListCount } from '../../ui/list-count.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../ui/surface.tsx';
import { AccessDetail } from './access-detail.tsx';
import { AccessItem } from './access-item.tsx';
import { AskSection } from './ask-section.tsx';
import { stateChoices } from './break-glass-words.ts';

const route = getRouteApi('/app/break-glass');

/** Emergency access: ask for it, open it, read, end it, judge it. Each sees what concerns them. */
export function BreakGlassPage() {
  const self = useSelf();
  const { one, state } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useRouteQuery(listBreakGlass, { query: { state } }, { keepPrevious: true });
  const mayAsk = !isClosed(controlFor(self.capabilities, 'break-glass:request'));
  const shown = list.data?.accesses.find(({ breakGlassId }) => breakGlassId === one);
  return (
    <Page crumbs={[{ label: 'Emergency' }, { label: 'Break-glass' }]}>
      <div className={mayAsk ? 'grid items-start gap-3 xl:grid-cols-[24rem_1fr]' : ''}>
        {mayAsk && <AskSection />}
        <div className="flex min-w-0 flex-col gap-3">
          <div className="w-60">
            <SelectField
              label="State"
              empty="Every state"
              choices={stateChoices}
              value={state}
              onChoose={(chosen) => void navigate({ search: { state: chosen }, replace: true })}
            />
          </div>
          {list.error && <ProblemNotice error={list.error} />}
          {shown && <AccessDetail access={shown} />}
          <Section
            title="Emergency access"
            flush
            aside={
              list.data && <ListCount shown={list.data.accesses.length} total={list.data.total} />
            }
          >
            {list.isPending && <Loading what="the emergency accesses" />}
            {list.data?.accesses.length === 0 && (
              <EmptyState title="There is none here.">
                Whoever needs a record whose customer cannot prove who they are asks for it; a
                second person opens it, and a third judges it afterwards.
              </EmptyState>
            )}
            <ul className="flex flex-col divide-y divide-line">
              {list.data?.accesses.map((access) => (
                <AccessItem
                  key={access.breakGlassId}
                  access={access}
                  isShown={access.breakGlassId === one}
                  onShow={() =>
                    void navigate({
                      search: {
                        state,
                        ...(access.breakGlassId !== one && { one: access.breakGlassId }),
                      },
                      replace: true,
                    })
                  }
                />
              ))}
            </ul>
          </Section>
        </div>
      </div>
    </Page>
  );
}
