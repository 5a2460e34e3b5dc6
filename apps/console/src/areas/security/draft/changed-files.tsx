import { Link } from '@tanstack/react-router';
import { FileMinus2, FilePen, FilePlus2 } from 'lucide-react';
import { Badge } from '../../../ui/badge.tsx';
import { changesOf, type Draft } from './draft.ts';

const words = {
  added: { word: 'New', icon: FilePlus2, tone: 'accent' },
  removed: { word: 'Goes', icon: FileMinus2, tone: 'danger' },
  changed: { word: 'Changed', icon: FilePen, tone: 'warn' },
} as const;

/** The files that the draft changes; each opens. */
export function ChangedFiles({ draft }: { readonly draft: Draft }) {
  const changes = changesOf(draft);
  return (
    <div>
      <h3 className="label-mono text-dim">
        {changes.length === 0 ? 'No file is changed yet' : `Changed files: ${changes.length}`}
      </h3>
      <ul className="flex flex-col gap-1 pt-1">
        {changes.map(({ path, change }) => {
          const { word, icon, tone } = words[change];
          return (
            <li key={path} className="flex flex-wrap items-center gap-x-2">
              <Badge icon={icon} tone={tone}>
                {word}
              </Badge>
              <Link
                to="/security/policies"
                search={(now) => ({ ...now, file: path, at: undefined })}
                className="min-w-0 py-1 font-mono text-xs break-all text-bright underline"
              >
                {path}
              </Link>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
