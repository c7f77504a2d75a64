import type { Job } from './sweeper.js';

/** The periodic work of a role. */
export abstract class Jobs {
  /** Needed always, and done once before the first message is taken. */
  abstract readonly upkeep: readonly Job[];
  /** May be switched off. */
  abstract readonly sweeping: readonly Job[];
}
