import { readProvisioning } from '@proofline/protocol';
import { Page } from '../../shell/page.tsx';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { ConnectSection } from './connect-section.tsx';
import { ConnectionItem } from './connection-item.tsx';
import { ProvisioningEvents } from './provisioning-events.tsx';

/** What directories say of people: their connections, what they changed, and what they were refused. */
export function ProvisioningPage() {
  const { data, dataUpdatedAt, error, isFetching, isPending, refetch } = useRouteQuery(
    readProvisioning,
    {},
  );
  return (
    <Page
      crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Provisioning' }]}
      aside={
        data && (
          <Button pending={isFetching} onClick={() => void refetch()}>
            Read again
          </Button>
        )
      }
      // A directory may write many times a second: its news are not followed by themselves.
      {...(data && { readAtMs: dataUpdatedAt })}
    >
      <div className="grid items-start gap-3 xl:grid-cols-[24rem_1fr]">
        <ConnectSection />
        <div className="flex min-w-0 flex-col gap-3">
          {error && <ProblemNotice error={error} />}
          {data && (
            <Section title="What to give to the directory">
              <PropertyList
                items={[
                  {
                    label: 'Address',
                    value: <span className="font-mono text-xs break-all">{data.address}</span>,
                  },
                  { label: 'Known', value: `${data.people.here} here, ${data.people.left} left` },
                ]}
              />
              <div className="mt-2">
                <CopyButton text={data.address} label="Copy the address" />
              </div>
            </Section>
          )}
          <Section title="Connections" flush>
            {isPending && <Loading what="the connections" />}
            {data?.connections.length === 0 && (
              <EmptyState title="No directory is connected.">
                People are known because HR invited them. A directory can make them known first, and
                say when they have left.
              </EmptyState>
            )}
            <ul className="flex flex-col divide-y divide-line">
              {data?.connections.map((one) => (
                <ConnectionItem key={one.serviceId} one={one} />
              ))}
            </ul>
          </Section>
          {data && <ProvisioningEvents events={data.events} />}
        </div>
      </div>
    </Page>
  );
}
