import { getRouteApi } from '@tanstack/react-router';
import { Button } from '../../../ui/button.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Section } from '../../../ui/surface.tsx';
import { ChangedFiles } from './changed-files.tsx';
import { DraftActs } from './draft-acts.tsx';
import {
  beginDraft,
  filesOf,
  isCurrent,
  moveOnto,
  movedUnder,
  type Draft,
  type PolicySet,
} from './draft.ts';
import { FileEditor } from './file-editor.tsx';
import { FilePicker } from './file-picker.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { useDraft } from './use-draft.ts';

const route = getRouteApi('/app/security/policies');

/** What somebody is about to propose: files of the set that is shown, changed, added and removed. */
export function DraftSection({ set }: { readonly set: PolicySet }) {
  const { set: setId = 'live', file } = route.useSearch();
  const navigate = route.useNavigate();
  const { draft, setDraft } = useDraft();
  const close = () =>
    void navigate({ search: (now) => ({ ...now, file: undefined, at: undefined }) });
  if (draft !== undefined && draft.setId !== setId) {
    return <OtherDraft draft={draft} onDiscard={() => setDraft(undefined)} />;
  }
  if (draft === undefined && file === undefined) {
    return (
      <p className="px-1 text-sm">
        <Button onClick={() => void navigate({ search: (now) => ({ ...now, file: '' }) })}>
          Change policies, schema or cases …
        </Button>
      </p>
    );
  }
  const shown = draft ?? beginDraft(set, setId);
  return (
    <Section title={file ? `Change ${file}` : 'Change policies, schema or cases'}>
      <div className="flex flex-col gap-3">
        <Moved draft={shown} set={set} onMove={setDraft} />
        <div className="grid items-start gap-3 lg:grid-cols-[17rem_minmax(0,1fr)]">
          <div className="flex min-w-0 flex-col gap-3">
            <FilePicker draft={shown} onChange={setDraft} />
            <ChangedFiles draft={shown} />
          </div>
          {file ? (
            <FileEditor key={file} draft={shown} path={file} onChange={setDraft} />
          ) : (
            <p className="text-sm text-dim">
              Open a file to change it. A named case is a file of its own, and so is the schema.
            </p>
          )}
        </div>
        <DraftActs
          draft={shown}
          onChange={setDraft}
          onDone={() => {
            setDraft(undefined);
            close();
          }}
          onClose={close}
        />
      </div>
      <LeaveDialog draft={draft} onDiscard={() => setDraft(undefined)} />
    </Section>
  );
}

/** A draft belongs to the set that it began with; another set is read beside it. */
function OtherDraft({
  draft,
  onDiscard,
}: {
  readonly draft: Draft;
  readonly onDiscard: () => void;
}) {
  const navigate = route.useNavigate();
  return (
    <>
      <Notice
        title={`You have a draft on ${draft.stands}: ${draft.changed.size} changed files.`}
        actions={
          <>
            <Button
              onClick={() =>
                void navigate({
                  search: { set: draft.setId === 'live' ? undefined : draft.setId, file: '' },
                })
              }
            >
              Go on with the draft
            </Button>
            <Button variant="danger" onClick={onDiscard}>
              Discard it
            </Button>
          </>
        }
      />
      <LeaveDialog draft={draft} onDiscard={onDiscard} />
    </>
  );
}

/** Says that something else became live since the draft began, and takes the draft along. */
function Moved({
  draft,
  set,
  onMove,
}: {
  readonly draft: Draft;
  readonly set: PolicySet;
  readonly onMove: (next: Draft) => void;
}) {
  const now = filesOf(set);
  if (isCurrent(draft, now)) return null;
  const both = movedUnder(draft, now);
  return (
    <Notice
      kind="warn"
      title={`Other policies became live since you began on ${draft.stands}.`}
      actions={
        <Button onClick={() => onMove(moveOnto(draft, set))}>Put my changes on top of them</Button>
      }
    >
      {both.length === 0
        ? 'None of the files that you changed is among them.'
        : `They changed these files, too; your text would stay: ${both.join(', ')}.`}
    </Notice>
  );
}
