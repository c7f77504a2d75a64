/**
 * One request group. The group with suffix "" may be served by several providers of one tree and by sharing ones; every
 * other group by exactly one provider. Classes and traits are ids (an unknown name is the caller's error before a search);
 * aggregates and trees are uuids (an unknown one just matches nothing).
 */
export interface RequestGroup {
  /** Class id to amount, at least 1. Empty only in suffixed groups named by `sameSubtree`. */
  readonly resources: ReadonlyMap<number, number>;
  /** Each inner set of trait ids must be met by at least one of its members. */
  readonly required: readonly (readonly number[])[];
  readonly forbidden: readonly number[];
  /** Each inner set of aggregate uuids must be met by at least one of its members. */
  readonly memberOf: readonly (readonly string[])[];
  readonly forbiddenAggregates: readonly string[];
  /** Uuid of any provider of the tree that the group is confined to. */
  readonly inTree?: string;
}

export type GroupPolicy = 'none' | 'isolate';

/** What `GET /allocation_candidates` asks, parsed. */
export interface CandidateQuery {
  /** By suffix; "" is the group without one. The order decides the order of equal answers. */
  readonly groups: ReadonlyMap<string, RequestGroup>;
  readonly groupPolicy?: GroupPolicy;
  /** Suffixes that must be served under one of their own providers, per set. */
  readonly sameSubtree?: readonly (readonly string[])[];
  /** Trait ids that the root of the serving tree must have. */
  readonly rootRequired?: readonly number[];
  readonly rootForbidden?: readonly number[];
  /** At most so many allocation requests; the search stops there. */
  readonly limit?: number;
}

/** An empty group to spread over: `{ ...emptyGroup, resources }`. */
export const emptyGroup: RequestGroup = {
  resources: new Map(),
  required: [],
  forbidden: [],
  memberOf: [],
  forbiddenAggregates: [],
};

/** How requests of several trees follow each other: all of one tree first, or one of each in turn. */
export type GenerationStrategy = 'depth-first' | 'breadth-first';

export interface SearchOptions {
  /** False below microversion 1.29: no two providers of one tree, and only used providers are summarised. */
  readonly nestedAware: boolean;
  readonly strategy?: GenerationStrategy;
  /** Operator's cap on generated requests; none when left out. */
  readonly maxCandidates?: number;
  /** A source of numbers in [0, 1). When given, trees are taken in random order and the answer is shuffled. */
  readonly random?: () => number;
  /** Work allowed in all, in steps of about a microsecond. */
  readonly maxSteps?: number;
  /** Work between two pauses of the generator. */
  readonly sliceSteps?: number;
}

/** An amount of one class from one provider (dense index). */
export interface Allocation {
  readonly provider: number;
  readonly classId: number;
  readonly amount: number;
}

/** One way to serve the whole query. */
export interface AllocationRequest {
  /** By provider row id, then class id; one entry per pair. */
  readonly allocations: readonly Allocation[];
  /** Suffix to the providers that serve the group, by row id. */
  readonly mappings: ReadonlyMap<string, readonly number[]>;
}

/**
 * `complete`: every request is there. `limited`: a limit cut the search off. `budget-exhausted`: the work allowed was
 * spent; what was found until then is valid but may be little or nothing.
 */
export type SearchOutcome = 'complete' | 'limited' | 'budget-exhausted';

export interface CandidateResult {
  readonly outcome: SearchOutcome;
  readonly requests: readonly AllocationRequest[];
  /** Providers to summarise (dense indexes, by row id): whole trees of used providers, or just those used. */
  readonly summaries: readonly number[];
  /** Steps spent. */
  readonly steps: number;
}
