/** What a consumer takes of each provider: provider uuid → resource class → amount. */
export type Allocations = Readonly<Record<string, { readonly resources: Readonly<Record<string, number>> }>>;

/** The allocations of a consumer as they stand. `generation` is null for a consumer that has none. */
export interface ConsumerAllocations {
  readonly allocations: Allocations;
  readonly projectId: string | null;
  readonly userId: string | null;
  readonly generation: number | null;
}

/** One claim: replaces all that the consumer holds. */
export interface Claim {
  readonly consumer: string;
  readonly allocations: Allocations;
  readonly mappings?: Readonly<Record<string, readonly string[]>>;
  readonly projectId: string;
  readonly userId: string;
  /** null: the consumer must hold nothing yet. */
  readonly generation: number | null;
}

/** Expected ends of a claim. */
export type ClaimResult =
  | { readonly outcome: 'claimed' }
  /** Capacity, units or inventory do not allow it: try elsewhere. */
  | { readonly outcome: 'no-capacity'; readonly detail: string }
  /** The consumer's generation differs: read again and decide. */
  | { readonly outcome: 'consumer-conflict'; readonly detail: string }
  /** Writers of the provider kept colliding beyond the retry budget. */
  | { readonly outcome: 'provider-conflict'; readonly detail: string }
  /** Placement finds the request malformed: a provider or class is gone. */
  | { readonly outcome: 'invalid'; readonly detail: string };
