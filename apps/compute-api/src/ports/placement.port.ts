import type { Ctx } from '@kilonova/util';

/** What the API itself asks of placement; claims are the scheduler's business. All of it is safe to repeat. */
export abstract class Placement {
  /** Gives back all that a server holds. Holding nothing is fine. */
  abstract release(ctx: Ctx, instanceUuid: string): Promise<void>;
  /** Puts a node's provider into an aggregate, or takes it out. False: placement does not know the node. */
  abstract setAggregate(ctx: Ctx, providerUuid: string, aggregateUuid: string, isMember: boolean): Promise<boolean>;
  /** False: the provider still has allocations or children. One that is not there counts as removed. */
  abstract removeProvider(ctx: Ctx, providerUuid: string): Promise<boolean>;
}
