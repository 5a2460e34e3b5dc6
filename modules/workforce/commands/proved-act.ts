import type { AssertionResult } from '@proofline/assurance';
import type { Id, Json } from '@proofline/kernel';
import type { OwnAct, OwnActDone } from '@proofline/protocol';
import type { z } from 'zod';
import type { AuthenticatorRow } from '../store/authenticator-rows.ts';
import type { OwnCaller } from './own-set.ts';

/** A change with the genuine proof of one of the subject's own authenticators. */
export interface ProvedAct<Kind extends OwnAct['kind'] = OwnAct['kind']> {
  readonly caller: OwnCaller;
  readonly act: Extract<OwnAct, { kind: Kind }>;
  readonly prover: AuthenticatorRow;
  readonly result: AssertionResult;
  /** What was signed and by which key: whoever doubts it verifies it again, without us. */
  readonly proof: Readonly<Record<string, Json>>;
}

/** What a change that is done leaves to be done after its commit. */
export interface Committed {
  readonly evidenceId?: Id<'evt'>;
  readonly registration?: z.output<typeof OwnActDone>['registration'];
  readonly afterwards?: () => void;
}
