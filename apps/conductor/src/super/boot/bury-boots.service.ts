import {
  ApiDatabase,
  BootRepository,
  InstanceMappingRepository,
  type SchedulingOutcome,
  SchedulingRecordRepository,
} from '@kilonova/api-db';
import { BurialRepository } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import type { Instance, InstanceFault } from '@kilonova/compute-objects';
import type { Ctx } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { BootNotifier } from '../../events/boot-notifier.js';
import type { PendingBoot } from '../../model/boot-partition.js';
import { buried, noValidHostFault, unplacedFault } from '../../model/no-valid-host.js';

/** Where the dead and the reasons are kept. */
@Injectable()
export class BurialStores {
  constructor(
    readonly boots: BootRepository,
    readonly mappings: InstanceMappingRepository,
    readonly burials: BurialRepository,
    readonly records: SchedulingRecordRepository,
  ) {}
}

/** In whose name, and when. */
export abstract class BurialPublisher {
  abstract readonly host: string;
  abstract readonly now: () => Date;
  /** Who found no room waits for it; who could not be scheduled at all is in ERROR either way. */
  abstract readonly waitsForRoom: boolean;
}

interface BuriedBoot {
  readonly boot: PendingBoot;
  readonly instance: Instance;
}

const EVENT = 'conductor_schedule_and_build_instances';

/** Ends servers that got no host: ERROR or PENDING in cell0, with the reason for the tenant and the whole record for administrators. */
@Injectable()
export class BuryBoots {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly stores: BurialStores,
    private readonly notifier: BootNotifier,
    private readonly publisher: BurialPublisher,
  ) {}

  /** Safe to repeat. All boots are of one request. @throws AppError `dependency` when a database does not answer. */
  async run(ctx: Ctx, boots: readonly PendingBoot[], outcome: Omit<SchedulingOutcome, 'requestId'>): Promise<void> {
    const foundNone = outcome.outcome === 'no-valid-host';
    const faultOf = foundNone ? noValidHostFault : unplacedFault;
    const fault = faultOf(outcome.reason, outcome.verdicts, this.publisher.now());
    const vmState = foundNone && this.publisher.waitsForRoom ? 'pending' : 'error';
    const dead = boots.map((boot) => ({ boot, instance: buried(boot, fault, vmState) }));
    const taken = await this.#store(ctx, dead, fault, outcome);
    const told = dead.filter(({ boot }) => taken.has(boot.uuid));
    await Promise.all(told.map(({ boot, instance }) => this.notifier.failed(ctx, instance, boot.spec, fault)));
  }

  async #store(
    ctx: Ctx,
    dead: readonly BuriedBoot[],
    fault: InstanceFault,
    outcome: Omit<SchedulingOutcome, 'requestId'>,
  ): Promise<Set<string>> {
    const cell0 = await this.cells.cell0();
    const uuids = dead.map(({ boot }) => boot.uuid);
    const event = {
      requestId: ctx.requestId,
      event: EVENT,
      host: this.publisher.host,
      details: fault.message,
      traceback: fault.details,
    };
    await cell0.run((sql) =>
      this.stores.burials.buryMany(
        sql,
        dead.map(({ instance }) => instance),
        event,
        new Map(dead.map(({ boot }) => [boot.uuid, boot.block_devices])),
      ),
    );
    const settled = await this.api.transaction(async (sql) => {
      await this.stores.records.addMany(sql, uuids, { ...outcome, requestId: ctx.requestId });
      return this.stores.boots.settle(sql, cell0.id, uuids);
    });
    await this.exhume(settled.filter((one) => !one.taken).map((one) => one.uuid));
    return new Set(settled.filter((one) => one.taken).map((one) => one.uuid));
  }

  /** Removes from cell0 what its user, or another run, was quicker with; also what a run left there that was cut short. */
  async exhume(lost: readonly string[]): Promise<void> {
    if (lost.length === 0) return;
    const cell0 = await this.cells.cell0();
    const mappings = await this.stores.mappings.findMany(await this.api.sql(), lost);
    const here = new Set(mappings.filter((mapping) => mapping.cell_id === cell0.id).map((mapping) => mapping.instance_uuid));
    await cell0.run((sql) =>
      this.stores.burials.exhumeMany(
        sql,
        lost.filter((uuid) => !here.has(uuid)),
      ),
    );
  }
}
