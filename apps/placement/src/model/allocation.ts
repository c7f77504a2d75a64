/** An amount of one class taken from one provider. */
export interface WantedResource {
  readonly providerUuid: string;
  readonly class: string;
  readonly amount: number;
}

/** Everything that one consumer shall hold from now on; nothing wanted means it gives all back. */
export interface ConsumerClaim {
  readonly consumerUuid: string;
  readonly projectId: string;
  readonly userId: string;
  /** Left as it is when undefined. */
  readonly consumerType: string | undefined;
  /** null: the consumer must not exist yet; undefined: not checked (below 1.28). */
  readonly generation: number | null | undefined;
  readonly wants: readonly WantedResource[];
}

/** Why a claim was refused. Nothing of it was written. */
export type ClaimRefusal =
  | {
      readonly outcome: 'consumer-conflict';
      readonly consumer: string;
      readonly stored: number | null;
      readonly given: number | null;
    }
  | { readonly outcome: 'unknown-provider'; readonly consumer: string; readonly provider: string }
  | { readonly outcome: 'unknown-class'; readonly consumer: string; readonly provider: string; readonly class: string }
  | {
      readonly outcome: 'no-inventory' | 'constraint' | 'capacity';
      readonly consumer: string;
      readonly provider: string;
      readonly class: string;
    };

export type ClaimOutcome = { readonly outcome: 'ok' } | ClaimRefusal;

/** What the consumers of a reshape come to, and what its inventories may run into. */
export type ReshapeOutcome =
  | ClaimOutcome
  | { readonly outcome: 'unknown-listed-provider'; readonly provider: string }
  | { readonly outcome: 'provider-conflict'; readonly provider: string; readonly stored: number; readonly given: number }
  | { readonly outcome: 'unknown-listed-class'; readonly provider: string; readonly class: string }
  | { readonly outcome: 'inventory-in-use'; readonly provider: string; readonly class: string };

/** What a consumer holds. */
export interface ConsumerAllocations {
  readonly projectId: string;
  readonly userId: string;
  readonly consumerGeneration: number;
  readonly consumerType: string | null;
  readonly modified: Date;
  /** By provider uuid. */
  readonly providers: ReadonlyMap<string, { readonly generation: number; readonly resources: Readonly<Record<string, number>> }>;
}

/** What is taken from a provider, by consumer uuid. */
export interface ProviderAllocations {
  readonly generation: number;
  readonly modified: Date | undefined;
  readonly consumers: ReadonlyMap<string, { readonly generation: number; readonly resources: Readonly<Record<string, number>> }>;
}
