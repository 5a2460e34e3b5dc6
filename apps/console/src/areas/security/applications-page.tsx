import { listApplications, registerApplication } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { Page } from '../../shell/page.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { emptyFields } from './application-draft.ts';
import { ApplicationForm } from './application-form.tsx';
import { ApplicationItem } from './application-item.tsx';

/** Which tools colleagues sign in to with what they sign in with here. */
export function ApplicationsPage() {
  const list = useRouteQuery(listApplications, {});
  const { data, dataUpdatedAt, error, isFetching, isPending, refetch } = list;
  return (
    <Page
      crumbs={[{ label: 'Security', to: '/security/people' }, { label: 'Applications' }]}
      aside={
        data && (
          <Button pending={isFetching} onClick={() => void refetch()}>
            Read again
          </Button>
        )
      }
      // Their use changes with every sign-in: it is not followed by itself.
      {...(data && { readAtMs: dataUpdatedAt })}
    >
      <div className="grid items-start gap-3 xl:grid-cols-[24rem_1fr]">
        <RegisterSection />
        <div className="flex min-w-0 flex-col gap-3">
          {error && <ProblemNotice error={error} />}
          {data && <Issuer issuer={data.issuer} samlMetadata={data.samlMetadata} />}
          <Section title="Applications" flush>
            {isPending && <Loading what="the applications" />}
            {data?.applications.length === 0 && (
              <EmptyState title="No application is registered.">
                A tool that is registered here has no sign-in of its own: colleagues come to it with
                the passkey and the session that they have here.
              </EmptyState>
            )}
            <ul className="flex flex-col divide-y divide-line">
              {data?.applications.map((one) => (
                <ApplicationItem key={one.applicationId} one={one} />
              ))}
            </ul>
          </Section>
        </div>
      </div>
    </Page>
  );
}

interface IssuerProps {
  readonly issuer: string;
  readonly samlMetadata: string | undefined;
}

function Issuer({ issuer, samlMetadata }: IssuerProps) {
  return (
    <Section title="What to give to an application">
      <PropertyList
        items={[
          {
            label: 'Issuer',
            value: <span className="font-mono text-xs break-all">{issuer}</span>,
          },
          ...(samlMetadata === undefined
            ? []
            : [
                {
                  label: 'SAML metadata',
                  value: <span className="font-mono text-xs break-all">{samlMetadata}</span>,
                },
              ]),
          { label: 'Client id', value: 'Its own id, which stands with it below' },
        ]}
      />
      <div className="mt-2">
        <CopyButton text={issuer} label="Copy the issuer" />
      </div>
    </Section>
  );
}

/** Registers an application. The form is emptied by being another one. */
function RegisterSection() {
  const { capabilities } = useSelf();
  const queries = useQueryClient();
  const [registered, setRegistered] = useState(0);
  const register = useRouteMutation(registerApplication, () => {
    setRegistered(registered + 1);
    refreshSoon(queries, ['applications.list']);
  });
  return (
    <Section title="Register an application">
      <ApplicationForm
        key={registered}
        initial={emptyFields}
        act="Register it"
        refusal={refusalOf(controlFor(capabilities, 'application:register'))}
        running={register}
        onSubmit={(body) => register.mutate({ body })}
      >
        {register.data && (
          <Notice kind="done" title={`${register.data.name} is registered.`}>
            <span className="font-mono text-xs break-all">{register.data.applicationId}</span>
          </Notice>
        )}
        <p className="text-xs text-dim">
          It is told who signs in and how, and nothing of any customer. It takes your security key.
        </p>
      </ApplicationForm>
    </Section>
  );
}
