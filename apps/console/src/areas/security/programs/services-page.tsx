import { listServices } from '@proofline/protocol';
import { useRouteQuery } from '../../../shell/route-queries.ts';
import { EmptyState, Loading, Section } from '../../../ui/surface.tsx';
import { RegisterSection } from './register-section.tsx';
import { ServiceItem } from './service-item.tsx';
import { RegistryPage } from '../registry-page.tsx';

/** Every program with a key of its own: who answers for it, what it may, and what it uses of that. */
export function ServicesPage() {
  const read = useRouteQuery(listServices, {});
  const { data, isPending } = read;
  return (
    <RegistryPage title="Services" read={read} beside={<RegisterSection />}>
      <Section title="Programs with a key of their own" flush>
        {isPending && <Loading what="the services" />}
        {data?.services.length === 0 && (
          <EmptyState title="No service is known.">
            A program that calls Proofline is registered here, or named in the settings.
          </EmptyState>
        )}
        <ul className="flex flex-col divide-y divide-line">
          {data?.services.map((one) => (
            <ServiceItem key={one.serviceId} one={one} />
          ))}
        </ul>
      </Section>
    </RegistryPage>
  );
}
