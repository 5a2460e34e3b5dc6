import { listApplications, registerApplication } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { controlFor, refusalOf } from '../../format/control-state.ts';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation, useRouteQuery } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { EmptyState, Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { emptyFields } from './application-draft.ts';
import { ApplicationForm } from './application-form.tsx';
import { ApplicationItem } from './application-item.tsx';
import { RegistryPage } from './registry-page.tsx';

/** Which tools colleagues, and customers, sign in to with what they sign in with here. */
export function ApplicationsPage() {
  const read = useRouteQuery(listApplications, {});
  const { data, isPending } = read;
  return (
    <RegistryPage title="Applications" read={read} beside={<RegisterSection />}>
      {data && (
        <Issuer
          issuer={data.issuer}
          customersIssuer={data.customersIssuer}
          samlMetadata={data.samlMetadata}
          mtlsOrigin={data.mtlsOrigin}
        />
      )}
      <Section title="Applications" flush>
        {isPending && <Loading what="the applications" />}
        {data?.applications.length === 0 && (
          <EmptyState title="No application is registered.">
            A tool that is registered here has no sign-in of its own: colleagues come to it with the
            passkey and the session that they have here.
          </EmptyState>
        )}
        <ul className="flex flex-col divide-y divide-line">
          {data?.applications.map((one) => (
            <ApplicationItem key={one.applicationId} one={one} />
          ))}
        </ul>
      </Section>
    </RegistryPage>
  );
}

interface IssuerProps {
  readonly issuer: string;
  readonly customersIssuer: string;
  readonly samlMetadata: string | undefined;
  readonly mtlsOrigin: string | undefined;
}

function Issuer({ customersIssuer, issuer, mtlsOrigin, samlMetadata }: IssuerProps) {
  return (
    <Section title="What to give to an application">
      <PropertyList
        items={[
          {
            label: 'Issuer, for colleagues',
            value: <span className="font-mono text-xs break-all">{issuer}</span>,
          },
          {
            label: 'Issuer, for customers',
            value: <span className="font-mono text-xs break-all">{customersIssuer}</span>,
          },
          ...(samlMetadata === undefined
            ? []
            : [
                {
                  label: 'SAML metadata',
                  value: <span className="font-mono text-xs break-all">{samlMetadata}</span>,
                },
              ]),
          ...(mtlsOrigin === undefined
            ? []
            : [
                {
                  label: 'With a certificate, at',
                  value: <span className="font-mono text-xs break-all">{mtlsOrigin}</span>,
                },
              ]),
          { label: 'Client id', value: 'Its own id, which stands with it below' },
        ]}
      />
      <div className="mt-2 flex flex-wrap gap-2">
        <CopyButton text={issuer} label="Copy the issuer for colleagues" />
        <CopyButton text={customersIssuer} label="Copy the issuer for customers" />
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
          A colleague’s application is told who signs in and how, and nothing of any customer. A
          customer’s learns what it may and that customer agrees to. It takes your security key.
        </p>
      </ApplicationForm>
    </Section>
  );
}
