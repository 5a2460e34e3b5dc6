import {
  Action,
  actions,
  explain,
  readDecision,
  type Decision,
  type FactInWords,
} from '@proofline/protocol';
import { Ban, Check } from 'lucide-react';
import { categoryWords } from '../../format/words.ts';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { ProblemNotice } from '../../ui/notice.tsx';
import { Loading, PropertyList, Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';

/** A decision explained: what, why, under which release, on which facts. */
export function DecisionSection({ decision }: { readonly decision: Decision }) {
  const { fields } = decision.obligations;
  return (
    <Section
      title="The decision"
      aside={
        decision.effect === 'permit' ? (
          <Badge icon={Check} tone="accent">
            Permit
          </Badge>
        ) : (
          <Badge icon={Ban} tone="danger">
            {decision.forbidden ? 'Forbidden' : 'Not permitted'}
          </Badge>
        )
      }
    >
      <div className="flex flex-col gap-4">
        <PropertyList
          items={[
            { label: 'Action', value: labelOf(decision.action) },
            {
              label: decision.resource.type,
              value: <span className="font-mono text-xs break-all">{decision.resource.id}</span>,
            },
            { label: 'Decided', value: <Moment at={decision.decidedAt} /> },
            { label: 'Release', value: releaseText(decision.release) },
            {
              label: 'Digest',
              value: <span className="font-mono text-xs break-all">{decision.release.digest}</span>,
            },
          ]}
        />
        <Reasons decision={decision} />
        {fields && (
          <PropertyList
            items={(['visible', 'masked', 'hidden'] as const)
              .filter((part) => fields[part].length > 0)
              .map((part) => ({
                label: part,
                value: fields[part].map((category) => categoryWords[category]).join(', '),
              }))}
          />
        )}
        <Facts decisionId={decision.decisionId} />
      </div>
    </Section>
  );
}

function Reasons({ decision }: { readonly decision: Decision }) {
  const { outcome, change } = explain(decision);
  return (
    <div className="flex flex-col gap-2 text-sm">
      <h3 className="label-mono text-dim">Because</h3>
      <p>{outcome}</p>
      <ul className="flex flex-col gap-1.5">
        {decision.reasons.map((reason) => (
          <li key={reason.policy}>
            <span className="text-bright">{reason.text}</span>{' '}
            <span className="font-mono text-xs text-dim">
              {reason.effect} · {reason.policy}
            </span>
          </li>
        ))}
      </ul>
      {change.length > 0 && (
        <>
          <h3 className="label-mono text-dim">What would have permitted it</h3>
          <ul className="list-disc pl-4">
            {change.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Facts({ decisionId }: { readonly decisionId: Decision['decisionId'] }) {
  const found = useRouteQuery(readDecision, { params: { decisionId } });
  return (
    <>
      {found.isPending && <Loading what="the facts" />}
      {found.error && <ProblemNotice error={found.error} />}
      {found.data && (
        <>
          <FactsInWords facts={found.data.explanation.facts} />
          {found.data.explanation.fields.length > 0 && (
            <PropertyList
              items={found.data.explanation.fields.map(({ category, shown, says, policies }) => ({
                label: `${categoryWords[category]}, ${shown}`,
                value: (
                  <>
                    {says} <span className="font-mono text-xs text-dim">{policies.join(', ')}</span>
                  </>
                ),
              }))}
            />
          )}
          <details>
            <summary className="label-mono w-fit text-dim hover:text-bright">
              The facts as they were recorded
            </summary>
            <pre
              tabIndex={0}
              aria-label="Facts that the decision rested on"
              className="mt-1.5 max-h-96 overflow-auto rounded-md border border-line bg-ground p-2.5 font-mono text-xs"
            >
              {JSON.stringify(found.data.facts, null, 2)}
            </pre>
          </details>
        </>
      )}
    </>
  );
}

/** What the determining policies asked for, and below it what else was known. */
function FactsInWords({ facts }: { readonly facts: readonly FactInWords[] }) {
  return [true, false].map((isDecisive) => {
    const some = facts.filter((fact) => fact.isDecisive === isDecisive);
    if (some.length === 0) return null;
    return (
      <div key={String(isDecisive)} className="flex flex-col gap-2 text-sm">
        <h3 className="label-mono text-dim">
          {isDecisive ? 'Facts that it rested on' : 'What else was known'}
        </h3>
        <ul className="flex flex-col gap-0.5">
          {some.map(({ path, says }) => (
            <li key={path} className={isDecisive ? 'text-bright' : 'text-text'}>
              {says}
            </li>
          ))}
        </ul>
      </div>
    );
  });
}

/** Actions of other systems have no words here but their name. */
function labelOf(name: string): string {
  const action = Action.safeParse(name);
  return action.success ? actions[action.data].label : name;
}

/** A candidate that was in force for some decided on top of a release, not as one. */
function releaseText({ sequence, stageId }: Decision['release']): string {
  return stageId === undefined
    ? `Number ${sequence}`
    : `A candidate in force for some, on top of number ${sequence} (${stageId})`;
}
