import type { ApiDatabase, BootRepository } from '@kilonova/api-db';
import type { Cell, CellRegistry, ComputeNodeRepository, InstanceRepository } from '@kilonova/cell-db';
import type { PlacementClient } from '@kilonova/placement-client';
import { type Ctx, systemCtx } from '@kilonova/util';
import type { Job } from './sweeper.js';

/** Nodes a page, and pages a run and cell: 1000 nodes each time, the rest in later runs. */
const PAGE = 100;
const PAGES = 10;

/** Where an instance may still be known. */
export interface OrphanStores {
  readonly boots: BootRepository;
  readonly nodes: ComputeNodeRepository;
  readonly instances: InstanceRepository;
}

/**
 * Reconciles placement with the instances there are. Algorithm: page through the nodes of each cell; read who holds
 * something of a node; a consumer is an orphan when it has no build request, and no live row in any cell that it could be
 * in. Placement is read first, then build requests, then rows: an instance always has the next of them before it
 * loses the one before, so nothing that lives can be missed. An orphan is released when two runs in a row saw it,
 * which leaves its owner the time to do so itself. A cell that does not answer is passed over with all its nodes.
 */
export class ReleaseOrphans implements Job {
  readonly name = 'release orphaned allocations';
  readonly exclusive = true;
  readonly #after = new Map<string, number>();
  #suspects = new Set<string>();

  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: OrphanStores,
    private readonly placement: PlacementClient,
    readonly intervalMs: number,
  ) {}

  async run(): Promise<number> {
    const ctx = systemCtx('conductor');
    const cells = await this.cells.list();
    const orphans = new Set<string>();
    for (const cell of cells.filter((one) => !one.isCell0)) {
      for (const orphan of await this.#inCell(ctx, cell)) orphans.add(orphan);
    }
    const proven = [...orphans].filter((uuid) => this.#suspects.has(uuid));
    for (const uuid of proven) await this.placement.release(ctx, uuid);
    this.#suspects = new Set([...orphans].filter((uuid) => !proven.includes(uuid)));
    return proven.length;
  }

  async #inCell(ctx: Ctx, cell: Cell): Promise<string[]> {
    if (cell.isDown) return [];
    const found: string[] = [];
    for (let page = 0; page < PAGES; page++) {
      const after = this.#after.get(cell.uuid) ?? 0;
      const nodes = await cell.run((sql) => this.stores.nodes.page(sql, after, PAGE));
      found.push(
        ...(await this.#ofNodes(
          ctx,
          cell,
          nodes.map((node) => node.uuid),
        )),
      );
      this.#after.set(cell.uuid, nodes.length < PAGE ? 0 : (nodes.at(-1)?.id ?? 0));
      if (nodes.length < PAGE) break;
    }
    return found;
  }

  async #ofNodes(ctx: Ctx, cell: Cell, nodeUuids: readonly string[]): Promise<string[]> {
    const consumers = new Set<string>();
    for (const uuid of nodeUuids) for (const consumer of await this.placement.consumersOf(ctx, uuid)) consumers.add(consumer);
    if (consumers.size === 0) return [];
    const all = [...consumers];
    const known = await this.stores.boots.holders(await this.api.sql(), all, cell.id);
    const living = await cell.run((sql) => this.stores.instances.existing(sql, all));
    return all.filter((uuid) => !known.has(uuid) && !living.has(uuid));
  }
}
