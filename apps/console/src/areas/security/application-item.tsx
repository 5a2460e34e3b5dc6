import {
  changeApplication,
  removeApplication,
  resumeApplication,
  suspendApplication,
  type Application,
  type OidcSettings,
  type SamlSettings,
} from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CirclePause } from 'lucide-react';
import { useState } from 'react';
import { knownRefusal } from '../../format/control-state.ts';
import { FormDialog } from '../../shell/form-dialog.tsx';
import { refreshSoon } from '../../shell/refresh-soon.ts';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useSelf } from '../../shell/self-context.tsx';
import { GuardedButton } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { ListItem } from '../../ui/list-item.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { PropertyList } from '../../ui/surface.tsx';
import { LastUse, Moment } from '../../ui/time-text.tsx';
import {
  acrChoices,
  ageChoices,
  fieldsOf,
  learnsChoices,
  learnsOf,
  machineChoices,
  machinesOf,
  realmChoices,
  requestChoices,
  requestsOf,
  tokenChoices,
  tokensOf,
} from './application-draft.ts';
import { ApplicationForm } from './application-form.tsx';

const looks = {
  standing: { icon: CircleCheck, tone: 'accent', word: 'Active' },
  suspended: { icon: CirclePause, tone: 'warn', word: 'Suspended' },
} as const;

/** One application: when it was last used, what is registered of it, and what can be done about it. */
export function ApplicationItem({ one }: { readonly one: Application }) {
  return (
    <ListItem
      standing={looks[one.state]}
      name={one.name}
      id={one.applicationId}
      acts={<Acts one={one} />}
    >
      <p className="text-dim">
        {one.realm === 'customers' && 'for customers · '}by {one.registeredBy} ·{' '}
        <Moment at={one.registeredAt} /> · <LastUse at={one.lastUsedAt} />
      </p>
      <details>
        <summary className="cursor-pointer text-text">What is registered</summary>
        <div className="mt-2">
          <Registered one={one} />
        </div>
      </details>
    </ListItem>
  );
}

function samlItems({ entityId, attributes }: SamlSettings) {
  return [
    { label: 'Speaks', value: 'SAML 2.0' },
    {
      label: 'Entity id',
      value: <span className="block font-mono text-xs break-all">{entityId}</span>,
    },
    {
      label: 'Is told',
      value: attributes.length === 0 ? 'Nothing personal' : attributes.join(', '),
    },
  ];
}

function oidcItems(settings: OidcSettings, realm: Application['realm']) {
  return [
    ...(realm === 'customers'
      ? [
          {
            label: 'May learn of a customer',
            value: learnsChoices.find(({ value }) => value === learnsOf(settings))?.label,
          },
        ]
      : []),
    { label: 'Called back at', value: <Addresses of={settings.redirectUris} /> },
    { label: 'Proves itself', value: proofWords(settings.proof) },
    { label: 'Told of ended sessions', value: settings.backchannelLogoutUri ?? 'No' },
    {
      label: 'Access tokens',
      value: tokenChoices.find(({ value }) => value === tokensOf(settings))?.label,
    },
    {
      label: 'Requests',
      value: requestChoices.find(({ value }) => value === requestsOf(settings))?.label,
    },
    { label: 'Asks people elsewhere', value: elsewhereWords(settings) },
    { label: 'Asks tokens for', value: <Addresses of={settings.asksFor} /> },
    {
      label: 'Asks people to agree to',
      value: settings.asksToDo?.map(({ says }) => says).join('; ') ?? 'Nothing',
    },
    {
      label: 'Asks other APIs',
      value: settings.actsFor ? 'In the name of who called it' : 'For nobody but itself',
    },
    { label: 'Serves', value: <Addresses of={settings.serves} /> },
  ];
}

const machineItems = (policy: Application['policy']) => [
  {
    label: 'On',
    value: machineChoices.find(({ value }) => value === machinesOf(policy))?.label,
  },
  { label: 'Held by the device', value: policy.boundToDevice ? 'Must be' : 'Need not be' },
];

function Registered({ one: { policy, realm, settings } }: { readonly one: Application }) {
  const items = [
    {
      label: 'Who signs in',
      value: realmChoices.find(({ value }) => value === realm)?.label ?? realm,
    },
    ...(settings.protocol === 'saml' ? samlItems(settings) : oidcItems(settings, realm)),
    {
      label: 'Sign in with',
      value: acrChoices.find(({ value }) => value === policy.acr)?.label ?? policy.acr,
    },
    { label: 'At most as old as', value: ageWords(policy.maxAgeSeconds) },
    ...(realm === 'workforce' ? machineItems(policy) : []),
  ];
  return <PropertyList items={items} />;
}

function Addresses({ of: urls }: { readonly of: readonly string[] | undefined }) {
  if (urls === undefined || urls.length === 0) return 'None';
  return urls.map((url) => (
    <span key={url} className="block font-mono text-xs break-all">
      {url}
    </span>
  ));
}

function elsewhereWords({ backchannel }: OidcSettings): string {
  if (!backchannel) return 'No';
  return backchannel.delivery === 'poll' ? 'Yes (poll)' : `Yes, told at ${backchannel.toldAt}`;
}

function proofWords(proof: OidcSettings['proof']): string {
  if (proof.method === 'none') return 'Not at all (PKCE)';
  if (proof.method === 'self_signed_tls_client_auth') {
    const { length } = proof.certificates;
    return `By ${length} certificate${length > 1 ? 's' : ''} of its own (mTLS)`;
  }
  const { length } = proof.jwks.keys;
  return `By ${length} key${length > 1 ? 's' : ''} of its own`;
}

function ageWords(seconds: number | undefined): string {
  if (seconds === undefined) return 'Their session';
  const known = ageChoices.find(({ value }) => value === String(seconds));
  return known?.label ?? `${seconds} seconds`;
}

function Acts({ one }: { readonly one: Application }) {
  const { capabilities } = useSelf();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'change' | 'suspend' | 'remove'>();
  const done = () => {
    setOpen(undefined);
    refreshSoon(queries, ['applications.list']);
  };
  const change = useRouteMutation(changeApplication, done);
  const suspend = useRouteMutation(suspendApplication, done);
  const resume = useRouteMutation(resumeApplication, done);
  const remove = useRouteMutation(removeApplication, done);
  const params = { applicationId: one.applicationId };
  const changing = knownRefusal(capabilities, 'application:change');
  const isSuspended = one.state === 'suspended';
  return (
    <div className="flex max-w-sm flex-col items-end gap-2">
      <div className="flex flex-wrap gap-2">
        <GuardedButton
          aria-label={`Change: ${one.name}`}
          refusal={changing}
          onClick={() => setOpen('change')}
        >
          Change
        </GuardedButton>
        <GuardedButton
          aria-label={`${isSuspended ? 'Resume' : 'Suspend'}: ${one.name}`}
          pending={suspend.isPending || resume.isPending}
          refusal={isSuspended ? changing : knownRefusal(capabilities, 'application:suspend')}
          onClick={() => (isSuspended ? resume.mutate({ params }) : setOpen('suspend'))}
        >
          {isSuspended ? 'Resume' : 'Suspend'}
        </GuardedButton>
        <GuardedButton
          aria-label={`Remove: ${one.name}`}
          refusal={knownRefusal(capabilities, 'application:remove')}
          onClick={() => setOpen('remove')}
        >
          Remove
        </GuardedButton>
      </div>
      {resume.error && <ProblemNotice error={resume.error} />}
      {open === 'change' && (
        <FormDialog title={`Change ${one.name}`} onClose={() => setOpen(undefined)}>
          <div className="px-4 pb-4">
            <ApplicationForm
              initial={fieldsOf(one)}
              act="Change it"
              refusal={changing}
              running={change}
              onSubmit={(draft) =>
                change.mutate({ params, body: { ...draft, version: one.version } })
              }
            />
          </div>
        </FormDialog>
      )}
      {open === 'suspend' && (
        <ConfirmDialog
          title={`Suspend ${one.name}?`}
          description="Nobody signs in to it and its tokens are refused, until it is resumed. Whoever works in it now may stay until it asks here again."
          act="Suspend it now"
          keep="Keep it"
          running={suspend}
          onAct={() => suspend.mutate({ params })}
          onClose={() => setOpen(undefined)}
        />
      )}
      {open === 'remove' && (
        <ConfirmDialog
          title={`Remove ${one.name}?`}
          description="Its id is never given again, and this cannot be taken back. To stop it for a while, suspend it."
          act="Remove it"
          keep="Keep it"
          running={remove}
          onAct={() => remove.mutate({ params })}
          onClose={() => setOpen(undefined)}
        />
      )}
    </div>
  );
}
