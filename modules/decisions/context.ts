import type { Clock, Random } from '@proofline/kernel';
import type {
  EvidenceListWriter,
  EvidenceReceipts,
  EvidenceTail,
  EvidenceWriter,
} from '@proofline/ledger';
import type { PolicySet } from '@proofline/policy';
import type { Role } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import type { JWK } from 'jose';
import type { AccessRequestDesk } from './authzen/access-request-desk.ts';
import type { Enumerator } from './authzen/enumerator.ts';
import type { CommitPorts } from './commands/commit-decisions.ts';
import { createCommit, type Commit } from './commands/commit-together.ts';
import type { AskingState } from './domain/prepared.ts';
import { createEngineCheck } from './engine-check/create-engine-check.ts';
import { recordDifference } from './engine-check/record-difference.ts';
import type { CurrentRelease } from './releases/domain/current-release.ts';
import type { PolicyChange } from './releases/domain/policy-change.ts';
import { createReleaseState, type ReleaseState } from './releases/release-state.ts';
import { createReleaseView, type ReleaseView } from './releases/stages/release-view.ts';
import { createStageState, type StageState } from './releases/stages/stage-state.ts';
import { createSwitchState, type SwitchPorts } from './switches/switch-state.ts';
import type { SwitchWatch } from './switches/switch-watch.ts';
import type { FactsProvider } from './types.ts';

/** How long one provider of facts, or the switches, may take when nothing else is said. */
export const FACTS_TIMEOUT_MS = 500;

/** What `decisions` needs from outside. */
export interface DecisionsDeps extends SwitchPorts {
  readonly storage: Storage;
  readonly ledger: EvidenceWriter &
    EvidenceListWriter &
    EvidenceTail &
    Pick<EvidenceReceipts, 'logged'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly tenant: string;
  /** `https://staff.example`: where the PDP's endpoints are. */
  readonly staffOrigin: string;
  /** Private ES256 keys, the one that signs first, published at `/oidc/jwks`, as they stand when asked. */
  readonly signingKeys: () => readonly JWK[];
  /** 32-byte seeds of the keys that sign policy releases, newest first: the first one signs. */
  readonly policySeeds: readonly Uint8Array[];
  /** Told once for each stored release that is not what was signed. Must not throw. */
  readonly onReleaseFault?: (fault: string) => void;
  /** Told of each change of policies that this node makes or takes over. Must not throw. */
  readonly onPoliciesChanged?: (change: PolicyChange) => void;
  /** Subject id → the name to show on the page of policies. */
  readonly nameOf?: (subjectId: string) => Promise<string | undefined>;
  /** Everybody who works here, for showing whom a change of policies meets. Default: nobody is known. */
  readonly colleagues?: () => Promise<readonly KnownColleague[]>;
  /** Every how many answers of our engine one is compared with the Cedar project's. Default 0: none. */
  readonly oracleEvery?: number;
  /**
   * Told once when the two differ about a release, which then goes on with theirs; and with the error,
   * where the log could not be told. Must not throw.
   */
  readonly onEngineDiffers?: (digest: string, error?: unknown) => void;
  /** How long one provider of facts may take. Default 500. */
  readonly factsTimeoutMs?: number;
  /**
   * Told when a result is durable, with the ids that its decision is found by. Must not throw.
   */
  readonly onReported?: (refs: Readonly<Record<string, string>>) => void;
}

/** A colleague, by the desk that they sit at. */
export interface KnownColleague {
  readonly subjectId: string;
  readonly displayName: string;
  readonly desk: string;
  readonly roles: readonly Role[];
  readonly active: boolean;
}

/** What every command of this module shares. */
export interface DecisionsContext extends DecisionsDeps {
  readonly providers: Map<string, FactsProvider>;
  /** By the type that they list. */
  readonly enumerators: Map<string, Enumerator>;
  /** `undefined`: nobody takes access requests. */
  accessRequests(): AccessRequestDesk | undefined;
  setAccessRequests(desk: AccessRequestDesk): void;
  readonly releases: ReleaseState;
  readonly switches: SwitchWatch;
  /** Records decisions together with others that are made at the same time. */
  readonly commit: Commit;
  /** The permit that what is asked stands under; `undefined`: nobody asked, or it has its own entry. */
  readonly asking?: AskingState;
  /** An enforcement point asks, for what it is about to do: it counts against the rates of who acts. */
  readonly counts?: true;
  /** For a decision that must commit by itself. */
  readonly commitPorts: CommitPorts;
  readonly stages: StageState<CurrentRelease>;
  /** The live one. @throws until a release was made current: nothing is decided by no policies. */
  release(): CurrentRelease;
  /** The live release and the stage on top of it, as of now. @throws as `release` */
  view(): ReleaseView<CurrentRelease>;
  setRelease(release: CurrentRelease): void;
  /** The same policies, compared with the Cedar project’s engine now and then. */
  watch(set: PolicySet): PolicySet;
}

export function createContext(deps: DecisionsDeps): DecisionsContext {
  let current: CurrentRelease | undefined;
  let desk: AccessRequestDesk | undefined;
  const engineCheck = createEngineCheck({
    every: deps.oracleEvery ?? 0,
    onDifference: (digest) => void recordDifference(deps, digest),
  });
  const releases = createReleaseState(deps);
  const commitPorts: CommitPorts = { ...deps, observe: releases.shadow.observe };
  const stages = createStageState<CurrentRelease>();
  const live = (): CurrentRelease => {
    if (!current) throw new Error('no policy release is current');
    return current;
  };
  return {
    ...deps,
    providers: new Map(),
    enumerators: new Map(),
    releases,
    commit: createCommit(commitPorts),
    commitPorts,
    accessRequests: () => desk,
    setAccessRequests(one) {
      desk = one;
    },
    stages,
    switches: createSwitchState({ ...deps, readMaxMs: deps.factsTimeoutMs ?? FACTS_TIMEOUT_MS }),
    release: live,
    view() {
      const release = live();
      const stage = stages.at(deps.clock.now(), release.ref.sequence);
      return createReleaseView(release, stage, releases.signer);
    },
    setRelease(release) {
      // A later one may have come while this one was written or compiled.
      if (current && release.ref.sequence < current.ref.sequence) return;
      current = { ...release, set: engineCheck.watch(release.set) };
    },
    watch: engineCheck.watch,
  };
}
