import type { MessageBus } from '@kilonova/messaging';
import { AppError } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { CellBreaker } from './cell-breaker.js';
import { cellUnavailable, isCellFailure } from './cell-failure.js';
import { CELL0_UUID, type CellMapping } from './cell-mapping.port.js';

/** How a cell is reached; made lazily, once, and again after a failure. */
export interface CellConnections {
  openDatabase(mapping: CellMapping): Promise<DataSource>;
  /** Connects in the background. Not called for cell0. */
  openBus(mapping: CellMapping): MessageBus;
}

export interface CellLimits {
  /** Longest wait for one task on a cell's database, milliseconds. */
  readonly deadlineMs: number;
  /** Between the probes of a database that is not asked for the time being, milliseconds. */
  readonly breakerResetMs: number;
}

const isOurs = (error: unknown): boolean => error instanceof AppError && error.code.startsWith('cell.');

type Task<T> = (sql: DataSource) => Promise<T>;

/**
 * One cell in this process. Every use of its database goes through a breaker and a deadline, so that a cell that is
 * down costs its callers nothing but its own answers.
 */
export class Cell {
  readonly #breaker: CellBreaker<Task<unknown>>;
  #database: Promise<DataSource> | undefined;
  #opened: DataSource | undefined;
  #bus: MessageBus | undefined;
  #closed = false;

  constructor(
    readonly mapping: CellMapping,
    private readonly connections: CellConnections,
    private readonly limits: CellLimits,
  ) {
    this.#breaker = new CellBreaker({
      name: mapping.name,
      work: (task, deadlineMs) => this.#within(task, deadlineMs),
      probe: (deadlineMs) => this.#within((sql) => sql.query('SELECT 1'), deadlineMs),
      resetMs: limits.breakerResetMs,
    });
  }

  get id(): number {
    return this.mapping.id;
  }

  get uuid(): string {
    return this.mapping.uuid;
  }

  get name(): string {
    return this.mapping.name;
  }

  get disabled(): boolean {
    return this.mapping.disabled;
  }

  get isCell0(): boolean {
    return this.mapping.uuid === CELL0_UUID;
  }

  /** True while tasks are refused without being tried. */
  get isDown(): boolean {
    return this.#breaker.isOpen;
  }

  get breakerState(): 'closed' | 'open' {
    return this.isDown ? 'open' : 'closed';
  }

  /** The cell's broker, lazily connected. @throws AppError `bug`, code `cell.bus.cell0`, for cell0. */
  get bus(): MessageBus {
    if (this.isCell0) throw new AppError({ kind: 'bug', code: 'cell.bus.cell0', message: 'cell0 has no broker.' });
    this.#bus ??= this.connections.openBus(this.mapping);
    return this.#bus;
  }

  /**
   * Runs a task on the cell's database. After the deadline the caller goes on; the statement ends by its own timeout.
   * @throws AppError `dependency`, codes `cell.database.unavailable`, `.timeout`, `.breaker_open`; else what the task throws.
   */
  async run<T>(task: Task<T>, deadlineMs: number = this.limits.deadlineMs): Promise<T> {
    try {
      return (await this.#breaker.run(task, deadlineMs)) as T;
    } catch (error) {
      if ((error as { code?: unknown }).code === 'EOPENBREAKER') throw cellUnavailable(this.name, 'breaker_open');
      if (this.#closed) throw cellUnavailable(this.name, 'unavailable', error);
      if (isCellFailure(error) && !isOurs(error)) throw cellUnavailable(this.name, 'unavailable', error);
      throw error;
    }
  }

  /** Ends the connections; tasks under way fail. A connection that is still being made is not waited for. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#breaker.shutdown();
    await Promise.allSettled([this.#bus?.close(), this.#opened?.destroy()]);
  }

  async #within<T>(task: Task<T>, deadlineMs: number): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(cellUnavailable(this.name, 'timeout')), deadlineMs);
    });
    try {
      return await Promise.race([this.#open().then(task), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  #open(): Promise<DataSource> {
    this.#database ??= this.#connect().catch((error: unknown) => {
      this.#database = undefined;
      throw error;
    });
    return this.#database;
  }

  async #connect(): Promise<DataSource> {
    const opened = await this.connections.openDatabase(this.mapping);
    if (this.#closed) {
      await opened.destroy();
      throw cellUnavailable(this.name, 'unavailable');
    }
    this.#opened = opened;
    return opened;
  }
}
