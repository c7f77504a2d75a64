import { setImmediate } from 'node:timers/promises';
import { AppError, SharedRun } from '@kilonova/util';
import { type CandidateQuery, type CandidateResult, type SearchOptions, searchSteps } from '../model/candidates/index.js';
import type { World } from '../model/world/index.js';
import type { Sql } from '../store/sql.js';
import { loadWorld } from './model-load.js';
import { type Position, refreshWorld } from './model-refresh.js';

/** Loads in a row that may be overtaken by a fail-over before giving up. */
const MAX_LOADS = 3;

/** What the read model did since start; all counts. */
export interface ReadModelCounters {
  loads: number;
  refreshes: number;
  /** Searches that gave the processor back at least once. */
  slicedSearches: number;
}

/**
 * The world, kept current from the database. Each read first asks for what changed, in a query that waiting reads share;
 * so an answer includes every write that was acknowledged, by any process, before the request came.
 */
export class ProviderReadModel {
  readonly counters: ReadModelCounters = { loads: 0, refreshes: 0, slicedSearches: 0 };
  readonly #sql: Sql;
  readonly #refreshes: SharedRun<World>;
  #state: { readonly world: World; readonly position: Position } | undefined;
  #searching = 0;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.#refreshes = new SharedRun(() => this.#refresh());
  }

  /**
   * The world with every write acknowledged before this call. Read it at once: it goes on changing after the next await.
   * Loads everything when that has not happened yet. Rejects with the database's error; the next call tries again.
   */
  fresh(): Promise<World> {
    return this.#refreshes.next();
  }

  /** The world as of the last refresh; undefined before the first. For metrics and tests: it may be behind. */
  get current(): World | undefined {
    return this.#state?.world;
  }

  /**
   * Searches candidates, giving way to other work between slices. Call it at once after `fresh`, and read the result at
   * once: its indexes are those of the world given.
   */
  async search(world: World, query: CandidateQuery, options: SearchOptions): Promise<CandidateResult> {
    const steps = searchSteps(world, query, options);
    this.#searching += 1;
    try {
      let turn = steps.next();
      if (turn.done !== true) this.counters.slicedSearches += 1;
      for (; turn.done !== true; turn = steps.next()) await setImmediate();
      return turn.value;
    } finally {
      this.#searching -= 1;
    }
  }

  async #refresh(): Promise<World> {
    const before = this.#state;
    const position = before === undefined ? undefined : await refreshWorld(this.#sql, before.world, before.position);
    if (before === undefined || position === undefined) return this.#load();
    this.counters.refreshes += 1;
    this.#state = { world: before.world, position };
    if (this.#searching === 0) before.world.compact();
    return before.world;
  }

  /** A new world beside the old one, which running searches may still hold. */
  async #load(): Promise<World> {
    for (let attempt = 1; attempt <= MAX_LOADS; attempt += 1) {
      this.counters.loads += 1;
      const loaded = await loadWorld(this.#sql);
      const position = await refreshWorld(this.#sql, loaded.world, loaded.position);
      if (position !== undefined) {
        this.#state = { world: loaded.world, position };
        return loaded.world;
      }
    }
    throw new AppError({
      kind: 'dependency',
      code: 'placement.read_model.unstable',
      message: 'the database changed hands while it was being read',
    });
  }
}
