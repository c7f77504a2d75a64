/** A thing that has inventory: a compute node, a NUMA cell, a disk pool. */
export interface ResourceProvider {
  readonly id: number;
  readonly uuid: string;
  readonly name: string;
  /** Raised by each write of inventory, traits, aggregates (from 1.19) and by claims. */
  readonly generation: number;
  readonly parentUuid: string | null;
  readonly rootUuid: string;
  /** When the row was last written. */
  readonly modified: Date;
}

/** What a caller names when it makes a provider. */
export interface NewProvider {
  readonly uuid: string;
  readonly name: string;
  readonly parentUuid: string | null;
}

/** What a caller wants of an existing provider; an undefined parent leaves the parent alone. */
export interface ProviderChange {
  readonly name: string;
  readonly parentUuid: string | null | undefined;
  /** From 1.37 a provider may get another parent, or none. */
  readonly mayMove: boolean;
}

/** Where in a tree a provider must not go, in the words that a caller reads. */
export type ParentFault = 'unknown-parent' | 'own-parent' | 'may-not-reparent' | 'may-not-unparent' | 'loop';

export type CreateProviderOutcome =
  | { readonly outcome: 'created'; readonly provider: ResourceProvider }
  | { readonly outcome: 'duplicate'; readonly field: 'name' | 'uuid' }
  | { readonly outcome: ParentFault };

export type UpdateProviderOutcome =
  | { readonly outcome: 'updated'; readonly provider: ResourceProvider }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'duplicate'; readonly field: 'name' | 'uuid' }
  | { readonly outcome: ParentFault };

export type DeleteProviderOutcome = 'deleted' | 'not-found' | 'has-allocations' | 'has-children';

/**
 * May a provider whose parent is `current` get the parent `wanted`? Below 1.37 a parent, once set, stays.
 * @param ancestorsOfWanted uuids from the wanted parent up to its root, itself included.
 */
export function parentFault(
  self: string,
  current: string | null,
  wanted: string | null,
  ancestorsOfWanted: readonly string[],
  mayMove: boolean,
): ParentFault | undefined {
  if (wanted === current) return undefined;
  if (current !== null && !mayMove) return wanted === null ? 'may-not-unparent' : 'may-not-reparent';
  if (wanted === null) return undefined;
  if (ancestorsOfWanted.length === 0) return 'unknown-parent';
  return ancestorsOfWanted.includes(self) ? 'loop' : undefined;
}
