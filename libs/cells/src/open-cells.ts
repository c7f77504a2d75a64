import type { CellMappingSource } from './cell-mapping.port.js';
import { MappedCellRegistry } from './cell-registry.js';
import type { CellsValues } from './cells.section.js';
import { type CellConnectionOptions, cellConnections } from './connections.js';

export interface CellsProcess {
  /** Shown by databases and brokers, e.g. `conductor`. */
  readonly name: string;
  /** What templates of mappings are filled from when the configuration says nothing else. */
  readonly apiDatabaseUrl: string;
  readonly bus?: CellConnectionOptions['bus'];
  /** Default: `timeoutSeconds` of the section. Longer where work goes on after the wait for a cell. */
  readonly statementTimeoutSeconds?: number;
}

/** The cells that `source` names, as they are configured. */
export function openCells(source: CellMappingSource, values: CellsValues, process: CellsProcess): MappedCellRegistry {
  const connections = cellConnections({
    name: process.name,
    poolSize: values.poolSize,
    statementTimeoutMs: (process.statementTimeoutSeconds ?? values.timeoutSeconds) * 1000,
    databaseBase: values.databaseBase ?? process.apiDatabaseUrl,
    transportBase: values.transportBase,
    bus: process.bus,
  });
  return new MappedCellRegistry(source, connections, {
    deadlineMs: values.timeoutSeconds * 1000,
    breakerResetMs: values.breakerResetSeconds * 1000,
    refreshMs: values.refreshSeconds * 1000,
  });
}
