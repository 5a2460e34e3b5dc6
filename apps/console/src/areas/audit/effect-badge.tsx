import type { EvidenceRow } from '@proofline/protocol';
import { Ban, Check, CheckCheck, CircleX, TriangleAlert, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '../../ui/badge.tsx';

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly word: string;
}

const looks: Readonly<Record<string, Look>> = {
  permit: { icon: Check, tone: 'accent', word: 'permit' },
  deny: { icon: Ban, tone: 'danger', word: 'deny' },
  completed: { icon: CheckCheck, tone: 'neutral', word: 'done' },
  'upstream-refused': { icon: CircleX, tone: 'danger', word: 'refused there' },
  'upstream-failed': { icon: TriangleAlert, tone: 'warn', word: 'outcome unknown' },
};

/** How an entry came out and which action it was, where it is about a decision or its result. */
export function EffectBadge({ facts }: Pick<EvidenceRow, 'facts'>) {
  const { effect, outcome, action } = facts;
  const cameOut = effect ?? outcome;
  const look = typeof cameOut === 'string' ? looks[cameOut] : undefined;
  if (!look) return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge icon={look.icon} tone={look.tone}>
        {look.word}
      </Badge>
      {typeof action === 'string' && <span className="font-mono text-xs">{action}</span>}
    </span>
  );
}
