import { readWitnesses, type WitnessRow } from '@proofline/protocol';
import { CircleAlert, Hourglass, ShieldCheck } from 'lucide-react';
import { useRouteQuery } from '../../shell/route-queries.ts';
import { Badge } from '../../ui/badge.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Loading, Section } from '../../ui/surface.tsx';
import { Age } from '../../ui/time-text.tsx';
import { entriesText, stateText, summaryOf } from './witness-words.ts';

/** Who has signed the newest checkpoint besides the operator, and how long ago. */
export function WitnessSection() {
  const standings = useRouteQuery(readWitnesses, {});
  const summary = standings.data && summaryOf(standings.data);
  return (
    <Section title="Witnesses">
      {standings.isPending && <Loading what="the witnesses" />}
      {standings.error && <ProblemNotice error={standings.error} />}
      {standings.data && summary && (
        <div className="flex flex-col gap-2">
          <Notice kind={summary.kind} title={summary.text} />
          {standings.data.witnesses.length > 0 && (
            <ul className="flex flex-col gap-1.5 text-sm">
              {standings.data.witnesses.map((witness) => (
                <Witness key={witness.name} witness={witness} logSize={standings.data.logSize} />
              ))}
            </ul>
          )}
          <p className="text-xs text-dim">
            Do not take this screen’s word for it:{' '}
            <code className="font-mono text-text">
              npx proofline evidence witness --policy FILE
            </code>
            , with a policy of your own.
          </p>
        </div>
      )}
    </Section>
  );
}

const looks = {
  signs: { icon: ShieldCheck, tone: 'accent' },
  waiting: { icon: Hourglass, tone: 'neutral' },
  unreachable: { icon: Hourglass, tone: 'warn' },
  refuses: { icon: CircleAlert, tone: 'warn' },
  contradicts: { icon: CircleAlert, tone: 'danger' },
} as const;

function Witness({ witness, logSize }: { readonly witness: WitnessRow; readonly logSize: number }) {
  const { icon, tone } = looks[witness.state];
  return (
    <li className="flex flex-wrap items-baseline gap-x-2">
      <Badge icon={icon} tone={tone}>
        {stateText(witness.state)}
      </Badge>
      <span className="font-medium text-bright">{witness.name}</span>
      <span>
        {witness.signed ? (
          <>
            has signed {entriesText(witness.signed.size, logSize)},{' '}
            <Age since={witness.signed.at} /> ago.
          </>
        ) : (
          'has signed nothing yet.'
        )}
        {witness.reason !== undefined && ` ${witness.reason}`}
      </span>
      <span className="w-full font-mono text-xs break-all text-dim">{witness.verifierKey}</span>
    </li>
  );
}
