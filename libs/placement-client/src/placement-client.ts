import type { Ctx } from '@kilonova/util';
import type {
  AllocationRequest,
  Allocations,
  ClaimMode,
  ClaimOutcome,
  ClaimOwner,
  ConsumerAllocations,
  MoveOutcome,
} from './allocation.js';
import type { CandidatesOutcome, CandidatesWish, CapacityOutcome } from './candidates.client.js';
import type { TreeProvider } from './tree/provider-tree.js';

/** Makes the wanted tree of the present one; asked again when somebody else wrote to the tree meanwhile. */
export type WantedTree = (present: readonly TreeProvider[]) => readonly TreeProvider[] | Promise<readonly TreeProvider[]>;

/** Inventory that moves between providers together with what consumers hold of it. */
export interface Reshape {
  /** Provider → the generation that it was read with, and all that it has afterwards. */
  readonly inventories: Readonly<
    Record<string, { readonly generation: number; readonly inventories: TreeProvider['inventories'] }>
  >;
  /** Consumer → all that it holds afterwards, with the generation that it was read with. */
  readonly allocations: Readonly<Record<string, ConsumerAllocations>>;
}

/**
 * Placement, as all compute services use it. Also the token that it is injected by. Every method throws AppError
 * `dependency` when placement does not answer; what callers decide on is returned.
 */
export abstract class PlacementClient {
  /** @param query of `GET /allocation_candidates`, without the question mark */
  abstract candidates(ctx: Ctx, query: string, wish?: CandidatesWish): Promise<CandidatesOutcome>;

  /** How often the query could be served. Of Kilonova's placement alone. */
  abstract capacity(ctx: Ctx, query: string): Promise<CapacityOutcome>;

  /** Takes what the request says for its owner, at once or not at all. */
  abstract claim(ctx: Ctx, owner: ClaimOwner, request: AllocationRequest, mode: ClaimMode): Promise<ClaimOutcome>;
  /** Hands all that an instance holds to its migration, in one write. What the migration holds already stays. */
  abstract moveTo(ctx: Ctx, instance: string, migration: string): Promise<MoveOutcome>;
  /** Hands all that a migration holds back to its instance, in one write; what the instance holds gives way. */
  abstract moveBack(ctx: Ctx, instance: string, migration: string): Promise<MoveOutcome>;
  /** Gives back a part of what a consumer holds; what it does not hold (any more) is passed over. `contended`: nothing was changed. */
  abstract giveBack(ctx: Ctx, consumer: string, part: Allocations): Promise<'given-back' | 'contended'>;
  /**
   * Puts what `wanted` makes of what a consumer holds in its place, in one write: there is no moment at which it holds less than the
   * smaller of both. A consumer that holds nothing is left alone (`invalid`).
   */
  abstract change(ctx: Ctx, consumer: string, wanted: (held: Allocations) => Allocations): Promise<ClaimOutcome>;
  /** Gives back all that a consumer holds; holding nothing is fine. */
  abstract release(ctx: Ctx, consumer: string): Promise<void>;
  /** What a consumer holds; empty for one that nobody knows. */
  abstract allocationsOf(ctx: Ctx, consumer: string): Promise<ConsumerAllocations>;
  /** Consumers that hold something of the tree that a provider belongs to; empty for an unknown one. */
  abstract consumersOf(ctx: Ctx, provider: string): Promise<readonly string[]>;
  /** What a project (or one of its users) holds in all: resource class → amount. */
  abstract usages(ctx: Ctx, projectId: string, userId?: string): Promise<Readonly<Record<string, number>>>;

  /** The whole tree that a provider belongs to; empty when placement does not know it. */
  abstract tree(ctx: Ctx, member: string): Promise<readonly TreeProvider[]>;
  /**
   * Brings a tree to what `wanted` makes of it, writing only what differs; repeated from the reading on when somebody else
   * wrote to it meanwhile.
   * @throws AppError `placement.provider.name_taken` when a name belongs to a provider of another uuid,
   *   `placement.tree.conflict` when the tree keeps changing.
   */
  abstract syncTree(ctx: Ctx, root: string, wanted: WantedTree): Promise<void>;
  /**
   * Moves inventory and allocations at once or not at all, in one request. `concurrent-update`: nothing was changed, somebody
   * else wrote to one of the providers or consumers since they were read.
   * @throws AppError `placement.unexpected` when it is refused for any other reason.
   */
  abstract reshape(ctx: Ctx, reshape: Reshape): Promise<'reshaped' | 'concurrent-update'>;
  /** The aggregates that a provider is in; none for one that placement does not know. */
  abstract aggregatesOf(ctx: Ctx, provider: string): Promise<readonly string[]>;
  /** Puts a provider into an aggregate, or takes it out. False: placement does not know the provider. */
  abstract setAggregate(ctx: Ctx, provider: string, aggregate: string, isMember: boolean): Promise<boolean>;
  /** False: the provider still has allocations or children. One that is not there counts as removed. */
  abstract removeProvider(ctx: Ctx, provider: string): Promise<boolean>;

  /** The newest microversion that this placement speaks. */
  abstract maxVersion(ctx: Ctx): Promise<string>;
  abstract close(): Promise<void>;
}

/** Releases under way at once. */
const CONCURRENT_RELEASES = 8;

/** Releases many. All are tried; the first failure is thrown in the end. */
export async function releaseAll(
  placement: Pick<PlacementClient, 'release'>,
  ctx: Ctx,
  consumers: readonly string[],
): Promise<void> {
  const waiting = [...consumers];
  const worker = async (): Promise<void> => {
    for (let uuid = waiting.shift(); uuid !== undefined; uuid = waiting.shift()) await placement.release(ctx, uuid);
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(CONCURRENT_RELEASES, consumers.length) }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
