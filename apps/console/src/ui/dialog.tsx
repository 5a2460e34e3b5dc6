import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { layers } from './layers.ts';

/** A modal dialog with a title and a way out that is always the same. */
export function Dialog({
  title,
  description,
  open,
  onClose,
  children,
  width = 'max-w-lg',
  hasTitleHidden = false,
}: {
  readonly title: string;
  readonly description?: ReactNode;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly width?: string;
  readonly hasTitleHidden?: boolean;
}) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal container={layers()}>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil" />
        <Base.Popup
          className={classNames(
            'fixed top-[8vh] left-1/2 z-40 flex max-h-[84vh] w-[calc(100vw-1.5rem)] -translate-x-1/2 flex-col overflow-auto rounded-lg border border-line bg-surface shadow-2xl',
            width,
          )}
        >
          <div className={hasTitleHidden ? 'sr-only' : 'flex items-start gap-3 px-4 pt-3.5 pb-2'}>
            <div className="min-w-0 flex-1">
              <Base.Title className="text-lg font-medium text-bright">{title}</Base.Title>
              {description && (
                <Base.Description className="mt-0.5 text-sm text-text">
                  {description}
                </Base.Description>
              )}
            </div>
            <Base.Close
              aria-label="Close"
              className="rounded-md p-1.5 text-dim hover:bg-raised hover:text-bright"
            >
              <X aria-hidden size={16} />
            </Base.Close>
          </div>
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
