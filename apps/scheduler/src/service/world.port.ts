import type { Ctx } from '@kilonova/util';
import type { AggregateFacts, HostFacts } from '../model/host-state.js';

/** What the scheduler reads of cells and API database; it writes to neither. */
export abstract class SchedulingWorld {
  /** Facts of these compute nodes, over all enabled cells that answer in time. */
  abstract hosts(ctx: Ctx, computeNodeUuids: readonly string[]): Promise<readonly HostFacts[]>;
  abstract aggregates(ctx: Ctx): Promise<readonly AggregateFacts[]>;
  /** The node uuids of a host, or of one of its nodes; empty when nobody knows it. */
  abstract nodesOf(ctx: Ctx, host: string | null, node: string | null): Promise<readonly string[]>;
  /** Instance uuid → host, for the instances that have one. */
  abstract hostsOfInstances(ctx: Ctx, instanceUuids: readonly string[]): Promise<Readonly<Record<string, string>>>;
}
