/** What a consumer takes of each provider: provider uuid → resource class → amount. */
export type Allocations = Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>;

/** One way to allocate a request, as `GET /allocation_candidates` offers it. */
export interface AllocationRequest {
  readonly allocations: Allocations;
  readonly mappings?: Readonly<Record<string, readonly string[]>>;
}

/** The allocations of a consumer as they stand. `generation` is null for a consumer that has none. */
export interface ConsumerAllocations {
  readonly allocations: Allocations;
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly generation: number | null;
}

/** Whose a claim is: an instance, and the project and user that pay for it. */
export interface ClaimOwner {
  /** Uuid of the instance. */
  readonly consumer: string;
  readonly projectId: string;
  readonly userId: string;
}

/**
 * What a claim may do with what its owner holds already:
 *
 * - `build`: the owner has no guest yet, so anything it holds is the claim of an earlier run of the same request, which is
 *   adopted as it is.
 * - `move`: what the owner holds may be in use. A claim equal to it is the same claim repeated; any other is a conflict.
 *   The caller moves the allocation in use to the migration first (`moveTo`).
 * - `add`: the owner keeps what it holds and takes the request as well (an evacuation holds source and destination).
 */
export type ClaimMode = 'build' | 'move' | 'add';

/** Expected ends of a claim. Only after `claimed` and `adopted` does the owner hold something for this request. */
export type ClaimOutcome =
  | { readonly outcome: 'claimed' }
  /** Mode `build`: an earlier run claimed this, which may be another host than the one asked for now. */
  | { readonly outcome: 'adopted'; readonly allocations: Allocations }
  /** Capacity or units do not allow it: try elsewhere. */
  | { readonly outcome: 'no-capacity'; readonly reason: string }
  /** A provider or class of the request does not exist: try elsewhere. */
  | { readonly outcome: 'invalid'; readonly reason: string }
  /** Mode `move`: the owner holds something else. Nothing was changed. */
  | { readonly outcome: 'conflict'; readonly allocations: Allocations }
  /** Other writers kept getting in between beyond the retry budget: whether it would fit is not known. */
  | { readonly outcome: 'contended' };

/** Expected ends of handing a whole allocation from one consumer to another. */
export type MoveOutcome =
  | { readonly outcome: 'moved' }
  /** An earlier run moved it. */
  | { readonly outcome: 'already-moved' }
  /** Neither of the two holds anything. */
  | { readonly outcome: 'nothing-held' }
  /** Other writers kept getting in between beyond the retry budget; nothing was changed. */
  | { readonly outcome: 'contended' };
