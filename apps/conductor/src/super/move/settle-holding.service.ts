import { ApiDatabase, QuotaLedgerRepository } from '@kilonova/api-db';
import { InstanceRepository, MigrationRepository } from '@kilonova/cell-db';
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
    private readonly locate: LocateServer,
  ) {}

  /** @throws AppError `dependency` when the cell does not answer */
  async run(instanceUuid: string): Promise<void> {
    const cell = await this.locate.run(instanceUuid);
    const held = await cell?.run(async (sql) => {
      const instance = await this.instances.find(sql, instanceUuid);
      return instance && heldBy(instance, await this.migrations.unfinished(sql, instanceUuid));
    });
    if (held !== undefined) await this.api.transaction((sql) => this.ledger.change(sql, instanceUuid, held));
  }
}
