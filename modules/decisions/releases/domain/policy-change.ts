/** What has changed about policies. */
export interface PolicyChange {
  /** Whether it is in force, for some at least: what was permitted may not be any more. */
  readonly inForce: boolean;
}
