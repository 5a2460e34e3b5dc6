import type { CaseOutcome, PolicyFault } from '@proofline/protocol';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Notice } from '../../../ui/notice.tsx';

/** What came of looking a draft over: every fault leads to its place. */
export function Findings({
  faults,
  outcome,
  isOld,
}: {
  readonly faults: readonly PolicyFault[];
  readonly outcome?: CaseOutcome | undefined;
  /** Something was typed since. */
  readonly isOld: boolean;
}) {
  const old = isOld && <p className="text-dim">You have typed since; check again.</p>;
  if (faults.length > 0) {
    return (
      <div role="alert" className="text-sm">
        {old}
        <ul className="list-disc pl-4 text-danger">
          {faults.map(({ code, path, line, column, text }) => (
            <li key={`${path}:${line}:${column} ${code} ${text}`}>
              {path !== '' && (
                <FileLink path={path} at={`${line}:${column}`}>
                  {path}:{line}:{column}
                </FileLink>
              )}{' '}
              {text} <span className="font-mono text-xs">{code}</span>
            </li>
          ))}
        </ul>
      </div>
    );
  }
  if (outcome === undefined) return null;
  const { passed, failedCount, failed } = outcome;
  return (
    <Notice
      kind={failedCount === 0 ? 'done' : 'warn'}
      title={
        failedCount === 0
          ? `It can be proposed: all ${passed} named cases come out as they say.`
          : `Of ${passed + failedCount} named cases, ${failedCount} ${failedCount === 1 ? 'comes' : 'come'} out otherwise.`
      }
    >
      {old}
      <ul className="list-disc pl-4">
        {failed.map(({ name, problems }) => (
          <li key={name}>
            <FileLink path={`cases/${name}.json`}>{name}</FileLink> {problems.join('; ')}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function FileLink({
  path,
  at,
  children,
}: {
  readonly path: string;
  readonly at?: string;
  readonly children: ReactNode;
}) {
  return (
    <Link
      to="/security/policies"
      search={(now) => ({ ...now, file: path, at })}
      className="font-mono text-xs underline"
    >
      {children}
    </Link>
  );
}
