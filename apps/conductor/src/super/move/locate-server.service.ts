import { ApiDatabase, InstanceMappingRepository } from '@kilonova/api-db';
import { type Cell, CellRegistry } from '@kilonova/cells';
import { Injectable } from '@nestjs/common';

/** Which cell a server is in. */
@Injectable()
export class LocateServer {
  constructor(
    private readonly api: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly mappings: InstanceMappingRepository,
  ) {}

  /** Undefined: it is in none, or its cell is not mapped any more. */
  async run(instanceUuid: string): Promise<Cell | undefined> {
    const [mapping] = await this.mappings.findMany(await this.api.sql(), [instanceUuid]);
    return mapping?.cell_id == null ? undefined : this.cells.findById(mapping.cell_id);
  }
}
