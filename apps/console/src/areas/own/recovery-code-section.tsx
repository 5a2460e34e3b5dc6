import { ownRecovery, sealRecoveryCode, type OwnRecovery } from '@proofline/protocol';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useRouteMutation } from '../../shell/route-queries.ts';
import { useUnsent, type Held } from '../../shell/unsent-work.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice, ProblemNotice } from '../../ui/notice.tsx';
import { Section } from '../../ui/surface.tsx';
import { Moment } from '../../ui/time-text.tsx';
import { drawRecoveryCode } from './draw-recovery-code.ts';

/** The code stands nowhere else: whoever leaves without it has one that nobody knows. */
const SHOWN: Held = {
  title: 'Have you written your code down?',
  description:
    'It is not shown again. If you go without it, make a new one: nobody can tell you this one.',
  isShownOnce: true,
};

/** The code that this browser makes, shows once, and keeps nowhere. */
export function RecoveryCodeSection({ own }: { readonly own: OwnRecovery }) {
  const queries = useQueryClient();
  const [shown, setShown] = useState<string>();
  const seal = useRouteMutation(sealRecoveryCode, (next) =>
    queries.setQueryData([ownRecovery.id, {}], next),
  );
  useUnsent(shown !== undefined, SHOWN);
  const make = () => {
    const code = drawRecoveryCode();
    seal.mutate({ body: { code } }, { onSuccess: () => setShown(code) });
  };
  return (
    <Section title="My recovery code">
      <p className="text-sm text-dim">
        The other proof that only you hold. Your browser makes it and shows it once; write it down
        and keep it where your passkeys are not. We keep no more than a slow hash of it.
      </p>
      <p className="mt-2 text-sm text-bright">
        {own.codeMadeAt ? (
          <>
            You have one, made <Moment at={own.codeMadeAt} />.
          </>
        ) : (
          'You have none.'
        )}
      </p>
      {shown !== undefined && (
        <Notice
          kind="done"
          title="Write this down now. It is not shown again."
          actions={<Button onClick={() => setShown(undefined)}>I have written it down</Button>}
        >
          <span className="font-mono text-base text-bright select-all">{shown}</span>
        </Notice>
      )}
      {seal.error && <ProblemNotice error={seal.error} />}
      <div className="mt-3">
        <Button pending={seal.isPending} onClick={make}>
          {own.codeMadeAt ? 'Make a new code, and void the old one' : 'Make a code'}
        </Button>
      </div>
    </Section>
  );
}
