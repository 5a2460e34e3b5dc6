import type { Cosigned, WitnessPolicy } from '@proofline/evidence';

/** What came back from a witness, whatever its status. */
export interface WitnessAnswer {
  readonly status: number;
  /** Its `Content-Type`. */
  readonly type: string;
  readonly body: string;
}

/** What the ledger is given so that others sign its checkpoints. */
export interface WitnessDeps {
  /** Each of its witnesses has a URL. */
  readonly policy: WitnessPolicy;
  /** Sends a body to an address. @throws Error when nothing comes back in time, or it is broken off. */
  ask(url: string, body: string, signal: AbortSignal): Promise<WitnessAnswer>;
  /** Told once whenever a witness begins to contradict the log, or has lost its memory. */
  onAlarm?(alarm: WitnessAlarm): void;
  readonly pace?: Partial<WitnessPace>;
}

/** A witness’s word against the log’s. Holds names and sizes only. */
export interface WitnessAlarm {
  readonly witness: string;
  readonly text: string;
}

/** How often witnesses are asked. */
export interface WitnessPace {
  /** How often is looked whether there is something to ask for. */
  readonly pollMs: number;
  /** How long after one checkpoint the next is taken, where nobody waits for it. */
  readonly everyMs: number;
  /** After how long without a quorum the next checkpoint is taken all the same. */
  readonly giveUpMs: number;
  /** After a witness could not be asked, or contradicts: doubled each time. */
  readonly backOffMs: number;
  readonly backOffMaxMs: number;
}

/** How one witness stands. */
export interface WitnessStanding {
  /** As the policy calls it. */
  readonly name: string;
  /** Its verifier key. */
  readonly key: string;
  /**
   * `signs`: its last answer was a signature. `waiting`: it has not answered yet. `unreachable`,
   * `refuses`: its last answer was none, or none that helps. `contradicts`: it knows another history.
   */
  readonly state: 'signs' | 'waiting' | 'unreachable' | 'refuses' | 'contradicts';
  /** Why, where there is something to say: one sentence. */
  readonly reason: string | undefined;
  /** The newest checkpoint that it has signed. */
  readonly signed: { readonly size: number; readonly atSeconds: number } | undefined;
}

/** A checkpoint that has its quorum. */
export interface Witnessed {
  readonly size: number;
  /** The note, with the cosignatures. */
  readonly note: string;
  /** When the quorum was met, by the witnesses’ clocks; `undefined` when it asks for nobody. */
  readonly metAtSeconds: number | undefined;
}

/** How the witnesses stand, for readiness, metrics and screens. */
export interface WitnessesHealth {
  /** Set while at least one witness contradicts the log. */
  readonly alarm: string | undefined;
  readonly newest: Witnessed | undefined;
  readonly witnesses: readonly WitnessStanding[];
}

/** What one conversation with a witness came to. */
export type Asked =
  | {
      readonly kind: 'signed';
      readonly line: string;
      readonly cosigned: Extract<Cosigned, { state: 'signed' }>;
      /** It had forgotten what it signed: the size that it named instead. */
      readonly forgot: number | undefined;
    }
  /** It has signed a larger tree than the one that it was asked for. */
  | { readonly kind: 'ahead'; readonly size: number }
  /** It holds another tree of a size that the log has. */
  | { readonly kind: 'forked'; readonly size: number }
  | { readonly kind: 'refuses' | 'unreachable'; readonly reason: string };
