import { checkLedger } from './commands/check-ledger.ts';
import { fsck } from './commands/fsck.ts';
import { createPseudonyms } from './commands/pseudonyms.ts';
import { createRecorder } from './commands/record.ts';
import { createContext } from './context.ts';
import { createFollower } from './projection/create-follower.ts';
import { erasureContext } from './erasure/context.ts';
import { createErasures } from './erasure/erasures.ts';
import { erasureRoutes } from './erasure/routes/erasure-routes.ts';
import { createReceivers } from './out/create-receivers.ts';
import { newestFacts } from './reading/newest-facts.ts';
import { provenFacts } from './reading/proven-facts.ts';
import { evidenceRoutes } from './routes/evidence-routes.ts';
import { witnessRoutes } from './routes/witness-routes.ts';
import { createSelfCheck } from './self-check/create-self-check.ts';
import { receiverRoutes } from './routes/receiver-routes.ts';
import { createSequencer } from './sequencer/sequencer.ts';
import { createLogFiles } from './tiles/log-files.ts';
import type {
  EvidenceListWriter,
  EvidenceReceipts,
  EvidenceWriter,
  Ledger,
  LedgerDeps,
} from './types.ts';
import { createWitnesses } from './witnesses/create-witnesses.ts';
import { witnessing } from './witnesses/witnessing.ts';

/** What nobody waits for may share a turn with what comes meanwhile; who waits wakes the sequencer at once. */
const WAKE_AFTER_MS = 50;

/** The evidence log of one tenant. */
export function createLedger(deps: LedgerDeps): Ledger {
  const context = createContext(deps);
  const pseudonyms = createPseudonyms(context);
  const recorder = createRecorder(context, pseudonyms);
  const sequencer = createSequencer(context, recorder);
  const follower = createFollower(context, () => sequencer.published().size);
  const witnesses =
    deps.witnesses && createWitnesses(context, deps.witnesses, () => sequencer.published());
  let wakeTimer: NodeJS.Timeout | undefined;

  /** The commit is the caller's; shortly afterwards there is something to take in. */
  const wakeSoon = () => {
    wakeTimer ??= setTimeout(() => {
      wakeTimer = undefined;
      sequencer.wake();
    }, WAKE_AFTER_MS);
  };
  const writer: EvidenceWriter & EvidenceListWriter & EvidenceReceipts = {
    async record(tx, draft) {
      const evidenceId = await recorder.record(tx, draft);
      wakeSoon();
      return evidenceId;
    },
    async recordAll(tx, drafts) {
      const evidenceIds = await recorder.recordAll(tx, drafts);
      wakeSoon();
      return evidenceIds;
    },
    sealAll(drafts) {
      const sealed = recorder.sealAll(drafts);
      if (sealed) wakeSoon();
      return sealed;
    },
    async durable(evidenceId) {
      const { index } = await sequencer.waitFor(evidenceId);
      return { index };
    },
    logged: async (evidenceId) => (await sequencer.waitFor(evidenceId)).receipt(),
    async append(draft) {
      const sealed = recorder.sealForLog(draft);
      if (sealed) return sequencer.append(sealed);
      // Subjects that are new, or not in memory, are made or read in a transaction.
      return writer.logged(await deps.storage.transaction((tx) => writer.record(tx, draft)));
    },
  };

  const selfCheck = createSelfCheck(context, () => sequencer.published());
  const parts = { pseudonyms, recorder, sequencer, writer };
  const erasures = createErasures(erasureContext(context, parts));

  const receivers = createReceivers(context, sequencer, writer);
  return {
    ...writer,
    ...witnessing(writer, witnesses),
    async start() {
      await sequencer.start();
      follower.start();
      await witnesses?.start();
      await erasures.replay();
      selfCheck.start();
    },
    async stop() {
      clearTimeout(wakeTimer);
      await selfCheck.stop();
      await receivers.stop();
      await witnesses?.stop();
      await follower.stop();
      await sequencer.stop();
    },
    newestFacts: (kinds, aboutId) =>
      newestFacts(context, { kinds, aboutId, shown: sequencer.shown() }),
    provenFacts: (evidenceId) => provenFacts(context, sequencer.published(), evidenceId),
    health: () => ({
      ...sequencer.health(),
      ...(witnesses && { witnesses: witnesses.health() }),
      selfCheck: selfCheck.health(),
    }),
    check: () => checkLedger(context, sequencer.published()),
    fsck: (onProgress) => fsck(context, onProgress),
    checkItself: () => selfCheck.round(),
    routes: [
      ...evidenceRoutes({
        context,
        follower,
        pseudonyms,
        sequencer,
        writer,
        witnesses,
        storedFaults: () => selfCheck.health().faults,
      }),
      ...witnessRoutes(sequencer, witnesses),
      ...erasureRoutes(erasures),
      ...receiverRoutes(receivers),
    ],
    files: createLogFiles({ context, sequencer, writer, witnesses }),
    erasures,
    receivers,
  };
}
