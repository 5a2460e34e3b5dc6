import type { Rig } from './rig.ts';

/** How a module of the suite ends here. */
export type Outcome =
  /** As the specification says. */
  | 'as specified'
  /** The feature it is about is refused on purpose; the module shows that it is, in the protocol's own words. */
  | 'refused'
  /** An option of the protocol that nobody offers here; the module shows that discovery says so and nothing answers. */
  | 'not offered';

/** A module of the OpenID Foundation's conformance suite, re-implemented. */
export interface Module {
  /** The class that the suite's plan lists. */
  readonly name: string;
  /** What is done, and how it must end. */
  readonly does: string;
  /** Default: as specified. */
  readonly outcome?: Outcome;
  readonly run: (rig: Rig) => Promise<void>;
}

/** A plan of the suite. */
export interface Plan {
  readonly name: string;
  readonly title: string;
  /** How it is run here, where that differs from the suite. */
  readonly note: string;
  readonly modules: readonly Module[];
}
