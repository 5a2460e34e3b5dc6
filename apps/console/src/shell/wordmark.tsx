import { FlaskConical, Radio } from 'lucide-react';
import { Badge } from '../ui/badge.tsx';

/** Whose installation this is, and whether it is the real one. */
export function Wordmark({
  company,
  environment,
}: {
  readonly company: string;
  readonly environment: string;
}) {
  const isReal = environment === 'production';
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
      <span className="font-medium tracking-tight text-bright">Proofline</span>
      <span className="text-dim">{company}</span>
      <Badge icon={isReal ? Radio : FlaskConical} tone={isReal ? 'neutral' : 'warn'}>
        {environment}
      </Badge>
    </div>
  );
}
