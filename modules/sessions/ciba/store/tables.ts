import type { Id } from '@proofline/kernel';
import type { Acr } from '@proofline/protocol';
import type { PersonId } from '../../types.ts';

/** A request of an application to somebody who is not at its screen. */
export type SignInRequestRow = {
  tenant: string;
  request_id: Id<'sir'>;
  auth_req_hash: string;
  application_id: Id<'app'>;
  application_version: number;
  /** Of a colleague, of a customer, or of nobody. */
  subject_id: PersonId;
  /** Somebody is asked: they exist, may answer, and were not asked too often. */
  is_shown: boolean;
  /** The customer is told at the contact on file. */
  is_told: boolean;
  /** And was not yet. */
  is_to_be_told: boolean;
  binding_message: string;
  scope: string;
  resource: string | null;
  acr: Acr;
  asked_at: Date;
  expires_at: Date;
  interval_seconds: number;
  polled_at: Date | null;
  state: 'waiting' | 'allowed' | 'refused' | 'expired';
  /** The newest entry about it. */
  evidence_id: Id<'evt'>;
  /** The application’s token and the secret id, while it is to be told. */
  sealed_ping: string | null;
  ping_attempts: number;
  /** When it is told next. */
  ping_at: Date | null;
};

type SilencedRow = {
  tenant: string;
  subject_id: PersonId;
  application_id: Id<'app'>;
  until: Date;
};

/** The tables of requests to sign in. */
export type CibaTables = {
  session_sign_in_requests: SignInRequestRow;
  session_silenced_applications: SilencedRow;
};
