import { ApiDatabase, QuotaLedgerRepository } from '@kilonova/api-db';
import { InstanceRepository, MigrationRepository, OperationRepository } from '@kilonova/cell-db';
import type { PlacedArguments } from '@kilonova/compute-objects';
import { Injectable } from '@nestjs/common';
import { heldBy } from '../../model/held-quota.js';
import { LocateServer } from './locate-server.service.js';

/**
 * Brings what a server counts for in its project's quota to what it takes up: its flavor, and while a resize may still be
 * taken back the larger of both. Counted anew from the cell each time, so that it may be repeated and come late.
 */
@Injectable()
export class SettleHolding {
  constructor(
    private readonly api: ApiDatabase,
    private readonly ledger: QuotaLedgerRepository,
    private readonly instances: InstanceRepository,
    private readonly migrations: MigrationRepository,
    private readonly operations: OperationRepository,
    private readonly locate: LocateServer,
  ) {}

  /** @throws AppError `dependency` when the cell does not answer */
  async run(instanceUuid: string): Promise<void> {
    const cell = await this.locate.run(instanceUuid);
    const held = await cell?.run(async (sql) => {
      const instance = await this.instances.find(sql, instanceUuid);
      if (instance === undefined) return undefined;
      const operation = await this.operations.find(sql, instanceUuid);
      const { flavor = null } = (operation?.arguments ?? {}) as Partial<PlacedArguments>;
      const moves = await this.migrations.unfinished(sql, instanceUuid);
      return heldBy(instance, [...moves, { old_flavor: null, new_flavor: flavor }]);
    });
    if (held !== undefined) await this.api.transaction((sql) => this.ledger.change(sql, instanceUuid, held));
  }
}
