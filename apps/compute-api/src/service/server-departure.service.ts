import { ApiDatabase, BuildRequestRepository, InstanceMappingRepository, QuotaLedgerRepository } from '@kilonova/api-db';
import type { Instance } from '@kilonova/compute-objects';
import { execute } from '@kilonova/sql';
import { Inject, Injectable } from '@nestjs/common';

/** The end of a server in the API database: its request or mapping, its quota, its place in a server group. Safe to repeat. */
@Injectable()
export class ServerDeparture {
  readonly #ledger = new QuotaLedgerRepository();
  readonly #mappings = new InstanceMappingRepository();
  readonly #requests = new BuildRequestRepository();

  constructor(@Inject(ApiDatabase) private readonly database: ApiDatabase) {}

  /** Before any cell has it. Undefined: a cell got it meanwhile. */
  async giveUp(uuid: string): Promise<Instance | undefined> {
    return this.database.transaction(async (sql) => {
      const gone = await this.#requests.giveUp(sql, uuid);
      if (gone !== undefined) await this.#ledger.release(sql, [uuid]);
      return gone;
    });
  }

  /** Once its cell has accepted to end it. */
  async settle(uuid: string): Promise<void> {
    await this.database.transaction(async (sql) => {
      await this.#mappings.queueForDelete(sql, [uuid]);
      await this.#ledger.release(sql, [uuid]);
      await execute(sql, 'DELETE FROM instance_group_members WHERE instance_uuid = $1', [uuid]);
    });
  }
}
