import { ApiDatabase, BootRepository } from '@kilonova/api-db';
import { ComputeNodeRepository, InstanceRepository, MigrationRepository } from '@kilonova/cell-db';
import { type Cell, CellRegistry, cellUnavailable, isCellFailure } from '@kilonova/cells';
import { PlacementClient } from '@kilonova/placement-client';
import { AppError, type Ctx, systemCtx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { Job } from '../../sweeping/sweeper.js';
import { SweepTimes } from './sweep-times.js';

/** Nodes a page, and pages a run and cell: 1000 nodes each time, the rest in later runs. */
const PAGE = 100;
const PAGES = 10;

/** Where an instance or a migration may still be known. */
@Injectable()
export class OrphanStores {
  constructor(
    readonly boots: BootRepository,
    readonly nodes: ComputeNodeRepository,
    readonly instances: InstanceRepository,
    readonly migrations: MigrationRepository,
  ) {}
}

/**
 * Reconciles placement with the instances and migrations there are. Algorithm: page through the nodes of each cell; read
 * who holds something of a node; a consumer is an orphan when it has no build request, no live row in any cell that it
 * could be in, and is no unfinished migration of any cell. Placement is read first, then build requests, then rows: an
 * instance always has the next of them before it loses the one before, and a migration has its row before it holds
 * anything, so nothing that lives can be missed. An orphan is released when two runs in a row saw it, which leaves its
 * owner the time to do so itself. A cell that does not answer is passed over with all its nodes.
 */
@Injectable()
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
    private readonly times: SweepTimes,
  ) {}

  get intervalMs(): number {
    return this.times.compareMs;
  }

  async run(): Promise<number> {
    const ctx = systemCtx('conductor');
    const cells = await this.cells.list();
    const orphans = new Set<string>();
    for (const cell of cells.filter((one) => !one.isCell0)) {
      for (const orphan of await this.#inCellThatAnswers(ctx, cell)) orphans.add(orphan);
    }
    const proven = [...orphans].filter((uuid) => this.#suspects.has(uuid));
    for (const uuid of proven) await this.placement.release(ctx, uuid);
    this.#suspects = new Set([...orphans].filter((uuid) => !proven.includes(uuid)));
    return proven.length;
  }

  async #inCellThatAnswers(ctx: Ctx, cell: Cell): Promise<string[]> {
    try {
      return cell.isDown ? [] : await this.#inCell(ctx, cell);
    } catch (error) {
      if (isCellFailure(error) && AppError.from(error).details['cell'] === cell.name) return [];
      throw error;
    }
  }

  async #inCell(ctx: Ctx, cell: Cell): Promise<string[]> {
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
    const left = all.filter((uuid) => !known.has(uuid) && !living.has(uuid));
    const moving = left.length === 0 ? new Set() : await this.#moving(cell, left);
    return left.filter((uuid) => !moving.has(uuid));
  }

  /** Migrations of every cell that answers. The nodes' own cell has to: most moves stay within one. */
  async #moving(cell: Cell, uuids: readonly string[]): Promise<Set<string>> {
    const answers = await this.cells.scatter((sql) => this.stores.migrations.holding(sql, uuids));
    const own = answers.find((answer) => answer.cell.uuid === cell.uuid);
    if (own === undefined || own.outcome !== 'value') throw own?.error ?? cellUnavailable(cell.name, 'unavailable');
    return new Set(answers.flatMap((answer) => (answer.outcome === 'value' ? [...answer.value] : [])));
  }
}
