import { readProvisioning } from '@proofline/protocol';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { ConnectSection } from './connect-section.tsx';
import { ConnectionItem } from './connection-item.tsx';
import { ProvisioningEvents } from './provisioning-events.tsx';
import { RegistryPage } from './registry-page.tsx';

/** What directories say of people: their connections, what they changed, and what they were refused. */
export function ProvisioningPage() {
  const read = useRouteQuery(readProvisioning, {});
  const { data, isPending } = read;
  return (
    <RegistryPage title="Provisioning" read={read} beside={<ConnectSection />}>
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
            People are known because HR invited them. A directory can make them known first, and say
            when they have left.
          </EmptyState>
        )}
        <ul className="flex flex-col divide-y divide-line">
          {data?.connections.map((one) => (
            <ConnectionItem key={one.serviceId} one={one} />
          ))}
        </ul>
      </Section>
      {data && <ProvisioningEvents events={data.events} />}
    </RegistryPage>
  );
}
