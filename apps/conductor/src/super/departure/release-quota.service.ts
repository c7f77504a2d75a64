import { ApiDatabase, InstanceMappingRepository, QuotaLedgerRepository } from '@kilonova/api-db';
import { SoftDeleteRepository } from '@kilonova/cell-db';
import { CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';

/**
 * Gives back what soft-deleted servers hold. The word of it may be late: what they hold is locked first, then their cell is
 * asked whether they still are so, and who restores one meanwhile waits, and takes quota anew.
 */
@Injectable()
export class ReleaseQuota {
  readonly #softDeletes = new SoftDeleteRepository();

  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly ledger: QuotaLedgerRepository,
    private readonly mappings: InstanceMappingRepository,
  ) {}

  /** @throws AppError `dependency` when their cell does not answer: the word is delivered again. */
  async run(uuids: readonly string[]): Promise<void> {
    for (const uuid of uuids) {
      await this.api.transaction(async (sql) => {
        if (!(await this.ledger.holds(sql, uuid))) return;
        const mapping = await this.mappings.find(sql, uuid);
        const cell = mapping?.cell_id == null ? undefined : await this.cells.findById(mapping.cell_id);
        if (cell === undefined) return;
        await this.ledger.release(sql, await cell.run((source) => this.#softDeletes.resting(source, [uuid])));
      });
    }
  }
}
