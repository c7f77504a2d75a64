import type { Ctx } from '@kilonova/util';
import type { AggregateFacts, HostFacts } from '../model/host-state.js';

/** What the cells that answered know, and the names of those that did not. */
export interface FromCells<T> {
  readonly found: T;
  readonly silent: readonly string[];
}

/** What the scheduler reads of cells and API database; it writes to neither. */
export abstract class SchedulingWorld {
  /**
   * Facts of these compute nodes, over all enabled cells that answer in time. No cell is named silent when every node
   * was found without it.
   */
  abstract hosts(ctx: Ctx, computeNodeUuids: readonly string[]): Promise<FromCells<readonly HostFacts[]>>;
  abstract aggregates(ctx: Ctx): Promise<readonly AggregateFacts[]>;
  /** The node uuids of a host, or of one of its nodes; empty when nobody knows it. */
  abstract nodesOf(ctx: Ctx, host: string | null, node: string | null): Promise<FromCells<readonly string[]>>;
  /** Instance uuid → host, for the instances that have one. */
  abstract hostsOfInstances(ctx: Ctx, instanceUuids: readonly string[]): Promise<FromCells<Readonly<Record<string, string>>>>;
  /** Brings what is held of hosts and aggregates up to date. Cells that do not answer are told of, not thrown. */
  abstract refresh(): Promise<void>;
}
