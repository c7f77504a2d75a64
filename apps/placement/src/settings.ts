import type { Config } from '@kilonova/config';
import { placementConfig } from './config.js';
import type { IncompleteConsumer } from './http/allocation-body.js';
import type { GenerationStrategy } from './model/candidates/index.js';

/** How candidates are searched. */
export interface SearchSettings {
  /** Answer in random order, and with a limit a random sample. */
  readonly randomize: boolean;
  readonly strategy: GenerationStrategy;
  /** The most that one search generates; undefined: as many as there are. */
  readonly maxCandidates: number | undefined;
}

/** What of the configuration the controllers act on. A class, so that it is its own token. */
export class PlacementSettings {
  constructor(
    readonly search: SearchSettings,
    readonly incomplete: IncompleteConsumer,
    /** Numbers in [0, 1) for `randomize`. */
    readonly random: () => number = Math.random,
  ) {}

  static from(config: Config): PlacementSettings {
    const placement = config.get(placementConfig);
    const cap = placement.maxAllocationCandidates;
    return new PlacementSettings(
      {
        randomize: placement.randomizeAllocationCandidates,
        strategy: placement.allocationCandidatesGenerationStrategy,
        maxCandidates: cap < 0 ? undefined : cap,
      },
      { projectId: placement.incompleteConsumerProjectId, userId: placement.incompleteConsumerUserId },
    );
  }
}
