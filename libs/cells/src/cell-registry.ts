import { AppError } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { Cell, type CellConnections, type CellLimits } from './cell.js';
import { CELL0_UUID, type CellMapping, type CellMappingSource } from './cell-mapping.port.js';

export type CellResult<T> =
  | { readonly outcome: 'value'; readonly cell: Cell; readonly value: T }
  | { readonly outcome: 'error'; readonly cell: Cell; readonly error: AppError }
  | { readonly outcome: 'timeout'; readonly cell: Cell; readonly error: AppError };

export interface ScatterOptions {
  /** Milliseconds for each cell; all run side by side. */
  readonly deadlineMs?: number;
  /** Default: every cell, cell0 and disabled ones included. */
  readonly cells?: readonly Cell[];
}

/** The cells as this process sees them: a handle each, kept while its mapping stays the same. */
export abstract class CellRegistry {
  /** All cells, cell0 first, then by id. The list may be as old as the refresh interval. */
  abstract list(): Promise<readonly Cell[]>;
  /** Looks the mappings up again when the uuid is not known. */
  abstract find(uuid: string): Promise<Cell | undefined>;
  /** By the row id that instance and host mappings refer to. */
  abstract findById(id: number): Promise<Cell | undefined>;
  /** @throws AppError `dependency`, code `cell.cell0.unmapped`. */
  abstract cell0(): Promise<Cell>;
  /** Runs a task in many cells at once; none waits for another, none fails the whole. */
  abstract scatter<T>(
    task: (sql: DataSource, cell: Cell) => Promise<T>,
    options?: ScatterOptions,
  ): Promise<ReadonlyArray<CellResult<T>>>;
  /** Reads the mappings again now. */
  abstract refresh(): Promise<void>;
  abstract close(): Promise<void>;
}

export interface CellRegistryOptions extends CellLimits {
  /** Age at which the list is read again, milliseconds. */
  readonly refreshMs: number;
}

const sameTarget = (a: CellMapping, b: CellMapping): boolean =>
  a.transport_url === b.transport_url &&
  a.database_connection === b.database_connection &&
  a.name === b.name &&
  a.disabled === b.disabled &&
  a.id === b.id;

/** Cells from their mappings; a change of a mapping makes a new handle and closes the old one. */
export class MappedCellRegistry extends CellRegistry {
  readonly #cells = new Map<string, Cell>();
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  constructor(
    private readonly source: CellMappingSource,
    private readonly connections: CellConnections,
    private readonly options: CellRegistryOptions,
    private readonly now: () => number = () => performance.now(),
  ) {
    super();
  }

  /** The breakers of the cells that are known by now, by name; nothing is asked for it. */
  breakers(): ReadonlyArray<readonly [name: string, state: Cell['breakerState']]> {
    return [...this.#cells.values()].map((cell) => [`cell ${cell.name}`, cell.breakerState] as const);
  }

  async list(): Promise<readonly Cell[]> {
    if (this.now() - this.#readAt >= this.options.refreshMs) await this.#refreshOrKeep();
    return this.#sorted();
  }

  async find(uuid: string): Promise<Cell | undefined> {
    return this.#lookUp((cell) => cell.uuid === uuid);
  }

  async findById(id: number): Promise<Cell | undefined> {
    return this.#lookUp((cell) => cell.id === id);
  }

  async cell0(): Promise<Cell> {
    const cell = await this.find(CELL0_UUID);
    if (cell === undefined)
      throw new AppError({
        kind: 'dependency',
        code: 'cell.cell0.unmapped',
        message: 'cell0 is not mapped; run `cell_v2 map_cell0`.',
      });
    return cell;
  }

  async scatter<T>(
    task: (sql: DataSource, cell: Cell) => Promise<T>,
    options: ScatterOptions = {},
  ): Promise<ReadonlyArray<CellResult<T>>> {
    const cells = options.cells ?? (await this.list());
    return Promise.all(cells.map((cell) => ask(cell, task, options.deadlineMs ?? this.options.deadlineMs)));
  }

  async refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async close(): Promise<void> {
    const cells = [...this.#cells.values()];
    this.#cells.clear();
    this.#readAt = Number.NEGATIVE_INFINITY;
    await Promise.all(cells.map((cell) => cell.close()));
  }

  /** With the API database away, the cells that are known go on being used. */
  async #refreshOrKeep(): Promise<void> {
    try {
      await this.refresh();
    } catch (error) {
      if (this.#cells.size === 0) throw error;
      this.#readAt = this.now();
    }
  }

  async #lookUp(wanted: (cell: Cell) => boolean): Promise<Cell | undefined> {
    const known = (await this.list()).find(wanted);
    if (known !== undefined) return known;
    await this.refresh();
    return this.#sorted().find(wanted);
  }

  async #read(): Promise<void> {
    const mappings = await this.source.list();
    const stale: Cell[] = [];
    const wanted = new Map(mappings.map((mapping) => [mapping.uuid, mapping]));
    for (const [uuid, cell] of this.#cells) {
      const mapping = wanted.get(uuid);
      if (mapping !== undefined && sameTarget(mapping, cell.mapping)) continue;
      stale.push(cell);
      this.#cells.delete(uuid);
    }
    for (const [uuid, mapping] of wanted) {
      if (!this.#cells.has(uuid)) this.#cells.set(uuid, new Cell(mapping, this.connections, this.options));
    }
    this.#readAt = this.now();
    await Promise.all(stale.map((cell) => cell.close()));
  }

  #sorted(): Cell[] {
    return [...this.#cells.values()].sort((a, b) => Number(b.isCell0) - Number(a.isCell0) || a.id - b.id);
  }
}

async function ask<T>(cell: Cell, task: (sql: DataSource, cell: Cell) => Promise<T>, deadlineMs: number): Promise<CellResult<T>> {
  try {
    return { outcome: 'value', cell, value: await cell.run((sql) => task(sql, cell), deadlineMs) };
  } catch (raw) {
    const error = AppError.from(raw);
    return { outcome: error.code === 'cell.database.timeout' ? 'timeout' : 'error', cell, error };
  }
}
