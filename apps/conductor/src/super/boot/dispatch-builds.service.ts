import { ApiDatabase, BootRepository, InstanceMappingRepository } from '@kilonova/api-db';
import { BuildRepository, type PreparedBuild } from '@kilonova/cell-db';
import { type Cell, CellRegistry, CellRelays, isCellFailure } from '@kilonova/cells';
import { PlacementClient, releaseAll } from '@kilonova/placement-client';
import { retryTransient } from '@kilonova/sql';
import { AppError, type Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { BootNotifier } from '../../events/boot-notifier.js';

/** Where boots are stored on their way. */
@Injectable()
export class BootStores {
  constructor(
    readonly boots: BootRepository,
    readonly mappings: InstanceMappingRepository,
    readonly builds: BuildRepository,
  ) {}
}

/** Who hears of what was committed. */
@Injectable()
export class AfterDispatch {
  constructor(
    readonly relays: CellRelays,
    readonly notifier: BootNotifier,
  ) {}
}

/** A cell whose broker has been away for so long is given no builds while others can take them. */
const BROKER_AWAY_MS = 3_000;

/** Again at once when the database gave the statement up as one side of a deadlock. */
const inCell = <T>(cell: Cell, task: Parameters<typeof cell.run<T>>[0]): Promise<T> => retryTransient(() => cell.run(task));

/**
 * Brings scheduled instances into their cell in three steps, each of them conditional and safe to repeat:
 * stored in the cell with what the host will be told → settled at the API level, where a user's delete may have been
 * quicker → handed to the cell's outbox.
 */
@Injectable()
export class DispatchBuilds {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: BootStores,
    private readonly placement: PlacementClient,
    private readonly after: AfterDispatch,
  ) {}

  /**
   * `unreachable`: the cell did not take them, and they are nobody's yet. Rows that it stored all the same are never
   * handed over; the sweep of stragglers takes them back.
   * @throws AppError `dependency` when the cell stopped answering later, or the API database does not answer.
   */
  async run(ctx: Ctx, cellUuid: string, builds: readonly PreparedBuild[]): Promise<'dispatched' | 'unreachable'> {
    const cell = await this.#cell(cellUuid);
    if (this.after.relays.awayMs(cell) > BROKER_AWAY_MS) return 'unreachable';
    const uuids = builds.map((build) => build.instance.uuid);
    try {
      await inCell(cell, (sql) => this.stores.builds.prepareMany(sql, ctx, builds));
    } catch (error) {
      if (isCellFailure(error)) return 'unreachable';
      throw error;
    }
    const settled = await this.stores.boots.settle(await this.api.sql(), cell.id, uuids);
    const lost = settled.filter((one) => !one.taken).map((one) => one.uuid);
    const foreign = lost.length === 0 ? new Set<string>() : await this.#resolve(ctx, cell, lost);
    await this.handOver(
      ctx,
      cell,
      uuids.filter((uuid) => !foreign.has(uuid)),
    );
    return 'dispatched';
  }

  /** Hands over what is prepared in the cell and not handed over yet. */
  async handOver(ctx: Ctx, cell: Cell, uuids: readonly string[]): Promise<void> {
    if (uuids.length === 0 || cell.isCell0) return;
    const { instances, casts } = await inCell(cell, (sql) => this.stores.builds.sendMany(sql, uuids));
    await Promise.all([this.after.relays.send(cell, casts), this.after.notifier.dispatched(ctx, instances)]);
  }

  /**
   * Finds out who was quicker: another run that chose this cell (nothing to do), one that chose another (its row here
   * is taken back), or the user (row and claim are taken back). Returns those that are not this cell's.
   */
  async #resolve(ctx: Ctx, cell: Cell, lost: readonly string[]): Promise<Set<string>> {
    const mappings = await this.stores.mappings.findMany(await this.api.sql(), lost);
    const cellOf = new Map(mappings.map((mapping) => [mapping.instance_uuid, mapping.cell_id]));
    const foreign = lost.filter((uuid) => cellOf.get(uuid) !== cell.id);
    await this.withdraw(
      ctx,
      cell,
      foreign,
      foreign.filter((uuid) => (cellOf.get(uuid) ?? null) === null),
    );
    return new Set(foreign);
  }

  /** Takes rows back that nobody was told of; `orphaned` ones lose their claims too. */
  async withdraw(ctx: Ctx, cell: Cell, uuids: readonly string[], orphaned: readonly string[]): Promise<void> {
    if (uuids.length === 0) return;
    const gone = await inCell(cell, (sql) => this.stores.builds.withdraw(sql, uuids));
    await releaseAll(this.placement, ctx, orphaned);
    await this.after.notifier.withdrawn(
      ctx,
      gone.filter((instance) => orphaned.includes(instance.uuid)),
    );
  }

  async #cell(uuid: string): Promise<Cell> {
    const cell = await this.cells.find(uuid);
    if (cell === undefined)
      throw new AppError({
        kind: 'dependency',
        code: 'conductor.cell.unknown',
        message: `Cell ${uuid} is not mapped.`,
        details: { cell: uuid },
      });
    return cell;
  }
}
