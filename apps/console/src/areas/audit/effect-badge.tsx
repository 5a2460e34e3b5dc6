import type { EvidenceRow } from '@proofline/protocol';
import { Ban, Check } from 'lucide-react';
import { Badge } from '../../ui/badge.tsx';

/** Permit or deny, where an entry is about a decision. */
export function EffectBadge({ facts }: Pick<EvidenceRow, 'facts'>) {
  const { effect, action } = facts;
  if (effect !== 'permit' && effect !== 'deny') return null;
  return (
    <span className="inline-flex flex-wrap items-center gap-1.5">
      <Badge
        icon={effect === 'permit' ? Check : Ban}
        tone={effect === 'permit' ? 'accent' : 'danger'}
      >
        {effect}
      </Badge>
      {typeof action === 'string' && <span className="font-mono text-xs">{action}</span>}
    </span>
  );
}
