import type { readEvidence } from '@proofline/protocol';
import { useQuery } from '@tanstack/react-query';
import { Hourglass, ShieldCheck } from 'lucide-react';
import type { z } from 'zod';
import { Badge } from '../../ui/badge.tsx';
import { Notice } from '../../ui/notice.tsx';
import { PropertyList, Section } from '../../ui/surface.tsx';
import { checkInclusion, type InclusionClaim, type InclusionVerdict } from './check-inclusion.ts';

type Inclusion = NonNullable<z.output<typeof readEvidence.reply>['inclusion']>;

/** The proof that the entry is in the log (RFC 6962 §2.1.1), as it can be checked by anybody. */
export function InclusionSection({
  inclusion,
  index,
}: {
  readonly inclusion: Inclusion | undefined;
  readonly index: number | undefined;
}) {
  return (
    <Section
      title="Proof of inclusion"
      aside={
        inclusion ? (
          <Badge icon={ShieldCheck}>Under a checkpoint</Badge>
        ) : (
          <Badge icon={Hourglass} tone="warn">
            Not yet
          </Badge>
        )
      }
    >
      {inclusion ? (
        <div className="flex flex-col gap-3">
          <PropertyList
            items={[
              { label: 'Place', value: index === undefined ? 'Not yet given' : `#${index}` },
              {
                label: 'Leaf hash',
                value: <span className="font-mono text-xs break-all">{inclusion.leafHash}</span>,
              },
              { label: 'Path', value: `${inclusion.proof.length} hashes` },
            ]}
          />
          <details>
            <summary className="label-mono w-fit text-dim hover:text-bright">
              Path and checkpoint
            </summary>
            <ol className="mt-1.5 flex flex-col gap-0.5 font-mono text-xs break-all">
              {inclusion.proof.map((hash) => (
                <li key={hash}>{hash}</li>
              ))}
            </ol>
            <pre
              tabIndex={0}
              aria-label="Signed checkpoint"
              className="mt-2 overflow-x-auto rounded-md border border-line bg-ground p-2.5 font-mono text-xs"
            >
              {inclusion.checkpoint}
            </pre>
            <p className="mt-2 text-xs">
              <span className="label-mono text-dim">Key </span>
              <span className="font-mono break-all">{inclusion.verifierKey}</span>
            </p>
          </details>
          {index !== undefined && <CheckedHere claim={{ ...inclusion, index }} />}
          <p className="text-xs text-dim">
            Do not take this screen’s word for it: export the chain and verify the file with{' '}
            <code className="font-mono text-text">npx proofline evidence verify</code>.
          </p>
        </div>
      ) : (
        <p className="text-sm">
          The sequencer has not taken the entry in yet. It does so within a moment.
        </p>
      )}
    </Section>
  );
}

const verdicts: Readonly<Record<InclusionVerdict, string>> = {
  proved: 'Checked in this browser: the entry is in the log that the checkpoint states.',
  'wrong-path': 'The path does not lead to the checkpoint. The log has been tampered with.',
  'wrong-signature': 'The checkpoint is not signed by the log’s key. Do not rely on it.',
  unreadable: 'The proof cannot be read. Export the chain and verify the file.',
};

function CheckedHere({ claim }: { readonly claim: InclusionClaim }) {
  const checked = useQuery({
    queryKey: ['inclusion', claim],
    queryFn: () => checkInclusion(claim),
    staleTime: Infinity,
    retry: false,
  });
  if (checked.isPending) return null;
  const verdict = checked.data ?? 'unreadable';
  return <Notice kind={verdict === 'proved' ? 'done' : 'problem'} title={verdicts[verdict]} />;
}
