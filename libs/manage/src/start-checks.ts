import { apiMigrations, CellMappingRepository } from '@kilonova/api-db';
import { cellMigrations } from '@kilonova/cell-db';
import type { CellRegistry } from '@kilonova/cells';
import type { StartChecks } from '@kilonova/observability';
import type { PlacementClient } from '@kilonova/placement-client';
import type { Sql } from '@kilonova/sql';
import { systemCtx } from '@kilonova/util';
import { mappingFaults, oldServices, placementFaults, schemaFaults, serviceFaults } from './upgrade-findings.js';

type Placement = Pick<PlacementClient, 'maxVersion'>;

/** What a service of the API level stands on. */
export interface ApiLevelBase {
  readonly api: { sql(): Promise<Sql> };
  readonly cells: Pick<CellRegistry, 'scatter'>;
  readonly placement: Placement;
}

/** What scheduler, super conductor and Compute API cannot work with: the failures of `upgrade check`. */
export const apiLevelChecks = ({ api, cells, placement }: ApiLevelBase): StartChecks => ({
  'API database': async () => schemaFaults(await api.sql(), apiMigrations(), 'kilonova manage api_db sync'),
  'Cell mappings': async () => mappingFaults(await new CellMappingRepository().list(await api.sql())),
  'Service versions': async () => serviceFaults(await oldInAll(cells)),
  'Placement API': () => ofPlacement(placement),
});

/** A cell that is away is waited for as ever. */
async function oldInAll(cells: ApiLevelBase['cells']): Promise<readonly string[]> {
  const answers = await cells.scatter((sql) => oldServices(sql));
  return answers.flatMap((answer) => (answer.outcome === 'value' ? answer.value : []));
}

/** What the conductor of a cell cannot work with. */
export const cellChecks = (sql: () => Promise<Sql>, placement: Placement): StartChecks => ({
  'Cell database': async () => schemaFaults(await sql(), cellMigrations(), 'kilonova manage db sync'),
  'Service versions': async () => serviceFaults(await oldServices(await sql())),
  'Placement API': () => ofPlacement(placement),
});

const ofPlacement = async (placement: Placement): Promise<readonly string[]> =>
  placementFaults(await placement.maxVersion(systemCtx('start')));
