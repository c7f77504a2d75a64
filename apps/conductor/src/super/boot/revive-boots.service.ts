import { ApiDatabase, BootRepository, RequestSpecRepository } from '@kilonova/api-db';
import { BurialRepository, type Revival } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import type { Instance } from '@kilonova/compute-objects';
import { enqueueCasts, OutboxRelay } from '@kilonova/messaging';
import { Injectable } from '@nestjs/common';
import { BootNotifier } from '../../events/boot-notifier.js';
import { revivedBoot, revivedSpec } from '../../model/revived-boot.js';
import { recasts } from './recasts.js';

/** Where boots are, and what they are placed with. */
@Injectable()
export class RevivalStores {
  constructor(
    readonly boots: BootRepository,
    readonly specs: RequestSpecRepository,
    readonly burials: BurialRepository,
  ) {}
}

/**
 * Schedules servers of cell0 like new ones: mapping freed, build request made and the boot told, in one transaction at the API level;
 * then their rows in cell0 go. Cut short in between, the rebuild that is still there brings the next run back here. Whoever is
 * quicker decides: what its user deleted meanwhile has no mapping to be freed, and what a quick conductor has buried again
 * is another row.
 */
@Injectable()
export class ReviveBoots {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: RevivalStores,
    private readonly relay: OutboxRelay,
    private readonly notifier: BootNotifier,
  ) {}

  /** Safe to repeat. False: nobody asks for it any more. @throws AppError `dependency` when a database does not answer. */
  async run(operationUuid: string): Promise<boolean> {
    const cell0 = await this.cells.cell0();
    const revival = await cell0.run((sql) => this.stores.burials.revival(sql, operationUuid));
    if (revival === undefined) return false;
    const instance = await this.#reopen(revival, cell0.id);
    await cell0.run((sql) => this.stores.burials.leave(sql, revival));
    if (instance === undefined) return true;
    this.relay.wake();
    await this.notifier.changed(revival.ctx, instance, revival.instance.vm_state, revival.instance.task_state);
    return true;
  }

  /** Undefined: another run was quicker, or its user. */
  async #reopen(revival: Revival, cell0Id: number): Promise<Instance | undefined> {
    const boot = revivedBoot(revival, new Date());
    return this.api.transaction(async (sql) => {
      const spec = await this.stores.specs.find(sql, boot.instance.uuid);
      const reopened = await this.stores.boots.reopen(sql, cell0Id, spec === undefined ? [] : [boot]);
      if (spec === undefined || reopened.length === 0) return undefined;
      await this.stores.specs.replace(sql, revivedSpec(spec, revival));
      await enqueueCasts(sql, recasts(reopened));
      return boot.instance;
    });
  }
}
