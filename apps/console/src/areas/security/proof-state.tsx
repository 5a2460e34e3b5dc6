import type { CandidateProof } from '@proofline/protocol';
import { useEffect } from 'react';

const ASK_EVERY_MS = 2_000;

/** What is proved of a candidate’s invariants; for each that is broken the request that shows it. */
export function ProofState({
  proof,
  onWait,
}: {
  readonly proof: CandidateProof;
  /** Asks again, while the proof is under way. */
  readonly onWait: () => void;
}) {
  const { state, holding, broken, undecided } = proof;
  useEffect(() => {
    if (state !== 'running') return undefined;
    const asking = setInterval(onWait, ASK_EVERY_MS);
    return () => clearInterval(asking);
  });
  if (state === 'none') return null;
  return (
    <div className="text-dim">
      {state === 'running' ? (
        <p>Its invariants are being proved …</p>
      ) : (
        <p>
          {holding} invariants hold for every request
          {broken.length > 0 && `, ${broken.length} are broken`}
          {undecided.length > 0 && `, ${undecided.length} are not decided`}
        </p>
      )}
      <ul className="flex flex-col gap-1">
        {broken.map(({ name, says, permitted, refused }) => (
          <li key={name}>
            <strong className="text-bright">Broken:</strong> {says}
            <details>
              <summary>The request that shows it</summary>
              <pre className="overflow-x-auto text-xs">
                {JSON.stringify(permitted, undefined, 2)}
              </pre>
              {refused && (
                <>
                  <p>is permitted, and this one is not:</p>
                  <pre className="overflow-x-auto text-xs">
                    {JSON.stringify(refused, undefined, 2)}
                  </pre>
                </>
              )}
            </details>
          </li>
        ))}
        {undecided.map(({ name, says, why }) => (
          <li key={name}>
            <strong className="text-bright">Not decided:</strong> {says} {why}
          </li>
        ))}
      </ul>
    </div>
  );
}
