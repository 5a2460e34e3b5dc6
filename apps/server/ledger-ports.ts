import { join } from 'node:path';
import type { Customers } from '@proofline/customers';
import type { Decisions } from '@proofline/decisions';
import {
  isId,
  systemClock,
  systemRandom,
  type Clock,
  type Id,
  type Random,
} from '@proofline/kernel';
import { fileErasureJournal, fileHighWaterMark, type SequencerFault } from '@proofline/ledger';
import { AccountNumber, describeError } from '@proofline/protocol';
import type { Sessions } from '@proofline/sessions';
import type { Storage } from '@proofline/storage';
import type { Workforce } from '@proofline/workforce';
import type { Logger } from 'pino';
import type { Config } from './config.ts';
import { keyOf } from './key-of.ts';
import { mayStillRead, type PassReader } from './may-still-read.ts';
import { witnessPorts } from './witnesses/witness-ports.ts';
import { receiversOf } from './receivers/receivers-of.ts';
import { signingKeyOf } from './receivers/signing-key-of.ts';
import { serviceName } from './switch-ports.ts';

/** What the log is given at composition besides the settings. */
interface Given {
  readonly storage: Storage;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** What a program is called: by the settings, by whoever registered it, or as a directory. */
export async function programName(
  config: Config,
  { sessions, workforce }: Pick<Upper, 'sessions' | 'workforce'>,
  id: string,
): Promise<string | undefined> {
  return (
    serviceName(config, id) ??
    (await sessions.serviceName(id)) ??
    (await workforce.provisioning.find(id))?.name
  );
}

/** Rooms above the ledger that know what its entries name. */
export interface Upper {
  readonly sessions: Sessions;
  readonly workforce: Workforce;
  readonly customers: Customers;
  readonly decisions: Decisions;
}

/** Keys and mark of the evidence log, and what its readers look up. */
export function ledgerPorts(config: Config, ports: Given, upper: () => Upper) {
  return {
    origin: config.PROOFLINE_LOG_NAME,
    signingSeed: keyOf(config.PROOFLINE_LOG_SEED),
    kek: keyOf(config.PROOFLINE_KEK),
    mark: fileHighWaterMark(join(config.PROOFLINE_DATA_DIRECTORY, 'high-water-mark')),
    journal: fileErasureJournal(join(config.PROOFLINE_DATA_DIRECTORY, 'erasures')),
    receivers: receiversOf(config.PROOFLINE_EVIDENCE_RECEIVERS, {
      clock: ports.clock ?? systemClock,
      random: ports.random ?? systemRandom,
      signingKey: async () => signingKeyOf(upper().sessions.signingKeys()),
    }),
    onFault: ({ reason, stopped, error }: SequencerFault) =>
      ports.logger.error(
        { reason, stopped, ...describeError(error) },
        'the evidence sequencer met a fault',
      ),
    ...witnessPorts(config, ports.logger),
    ...readingDeps(config, ports.storage, upper),
    mayStillRead: (reader: PassReader) => mayStillRead(upper().decisions, reader),
  };
}

/** What the ledger's readers may look up about subjects and decisions: rooms that stand above it. */
function readingDeps(config: Config, { db }: Storage, upper: () => Upper) {
  return {
    resolveSubject: async (text: string) => {
      const number = AccountNumber.safeParse(text).data;
      return number && (await upper().customers.findByAccountNumber(db, number))?.customerId;
    },
    findSubjects: async (text: string) => {
      const name = text.toLowerCase();
      const staff = (await upper().workforce.listColleagues())
        .filter(({ displayName }) => displayName.toLowerCase() === name)
        .map(({ subjectId }) => subjectId);
      return [...staff, ...(await upper().customers.findNamed(text))];
    },
    nameOf: async (subjectId: string) => {
      if (isId('stf', subjectId))
        return (await upper().workforce.findColleague(subjectId))?.displayName;
      if (isId('cus', subjectId)) return (await upper().customers.findById(db, subjectId))?.name;
      return programName(config, upper(), subjectId);
    },
    findDecision: async (decisionId: Id<'dec'>) =>
      (await upper().decisions.findDecision(decisionId))?.decision,
  };
}
