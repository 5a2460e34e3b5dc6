import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Badge, type Tone } from './badge.tsx';

/** How something stands: in a word, with the icon and the tone that repeat it. */
interface Standing {
  readonly icon: LucideIcon;
  readonly tone: Tone;
  readonly word: string;
}

/** One thing of a list: how it stands, its name, what is said of it, its id, and what can be done about it. */
export function ListItem({
  standing: { icon, tone, word },
  name,
  id,
  acts,
  below,
  children,
}: {
  readonly standing: Standing;
  readonly name: ReactNode;
  readonly id?: string;
  readonly acts?: ReactNode;
  /** Over the whole width, below the rest. */
  readonly below?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <li className="flex flex-col gap-2 px-3 py-2.5 text-sm">
      {/* Where the text would have less than its basis, what can be done stands below it. */}
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="flex min-w-0 grow basis-56 flex-col gap-1">
          <h3 className="flex flex-wrap items-center gap-2 font-medium text-bright">
            <Badge icon={icon} tone={tone}>
              {word}
            </Badge>
            {name}
          </h3>
          {children}
          {id !== undefined && <p className="font-mono text-xs break-all text-dim">{id}</p>}
        </div>
        {acts}
      </div>
      {below}
    </li>
  );
}
