import { listServices } from '@proofline/protocol';
import { Page } from '../../../shell/page.tsx';
import { useRouteQuery } from '../../../shell/route-queries.ts';
import { Button } from '../../../ui/button.tsx';
import { ProblemNotice } from '../../../ui/notice.tsx';
import { EmptyState, Loading, Section } from '../../../ui/surface.tsx';
import { RegisterSection } from './register-section.tsx';
import { ServiceItem } from './service-item.tsx';

/** Every program with a key of its own: who answers for it, what it may, and what it uses of that. */
export function ServicesPage() {
  const { data, dataUpdatedAt, error, isFetching, isPending, refetch } = useRouteQuery(
    listServices,
    {},
  );
  return (
    <Page
      crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Services' }]}
      aside={
        data && (
          <Button pending={isFetching} onClick={() => void refetch()}>
            Read again
          </Button>
        )
      }
      // A program calls many times a second: its use is not followed by itself.
      {...(data && { readAtMs: dataUpdatedAt })}
    >
      <div className="grid items-start gap-3 xl:grid-cols-[24rem_1fr]">
        <RegisterSection />
        <div className="flex min-w-0 flex-col gap-3">
          {error && <ProblemNotice error={error} />}
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
        </div>
      </div>
    </Page>
  );
}
