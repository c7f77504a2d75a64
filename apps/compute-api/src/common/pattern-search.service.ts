import { ApiDatabase } from '@kilonova/api-db';
import { judgePattern, rows, type Sql, sqlState, withinTime } from '@kilonova/sql';
import { AppError, invalid, KeyedGate, type Principal } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ComputeSettings } from './settings.js';

/** Runs statements on a database: as they are, or within the time that patterns are given. */
export type RunLimited = <T>(sql: DataSource, task: (sql: Sql) => Promise<T>) => Promise<T>;

const asTheyAre: RunLimited = (sql, task) => task(sql);

/** Searches by pattern of one project that wait for their turn, and for how long. */
const QUEUE = 32;
const WAIT_MS = 10_000;

const bad = (pattern: string, why: string): AppError =>
  invalid('compute.request.pattern_invalid', `Invalid regular expression in filter: ${pattern}: ${why}`);

/**
 * Lets clients search by regular expressions without paying with everybody's database: a pattern is judged before it is
 * tried, tried within a time of its own, and for one project one at a time. A search that is too slow is its caller's
 * fault, and never the failure of a cell.
 */
@Injectable()
export class PatternSearch {
  readonly #gate: KeyedGate;

  constructor(
    private readonly database: ApiDatabase,
    private readonly settings: ComputeSettings,
  ) {
    this.#gate = new KeyedGate({ concurrency: 1, queue: QUEUE, waitMs: WAIT_MS }, 'searches by pattern');
  }

  /** @throws AppError 400 for patterns that are malformed, refused or too slow, 429 for too many at once. */
  async run<T>(principal: Principal, patterns: readonly string[], search: (limited: RunLimited) => Promise<T>): Promise<T> {
    const costly = patterns.filter((pattern) => this.#isCostly(pattern));
    if (costly.length === 0) return search(asTheyAre);
    const limited: RunLimited = (sql, task) => this.#limited(sql, costly, task);
    return this.#gate.run(principal.projectId ?? principal.userId, async () => {
      await limited(await this.database.sql(), (sql) => rows(sql, TRIAL, [costly]));
      return search(limited);
    });
  }

  #isCostly(pattern: string): boolean {
    const verdict = judgePattern(pattern);
    if (verdict.outcome === 'refused') throw bad(pattern, verdict.reason);
    return verdict.outcome === 'costly';
  }

  async #limited<T>(sql: DataSource, patterns: readonly string[], task: (sql: Sql) => Promise<T>): Promise<T> {
    try {
      return await withinTime(sql, this.settings.api.patternTimeoutMs, task);
    } catch (error) {
      if (sqlState(error) === MALFORMED) throw bad(patterns.join(', '), 'it is malformed');
      if (error instanceof AppError && error.code === 'sql.database.timeout')
        throw bad(patterns.join(', '), 'it takes too long to be tried');
      throw error;
    }
  }
}

/** Patterns are tried on nothing first, so that a malformed one is found even where there is nothing to search. */
const TRIAL = `SELECT '' ~ pattern FROM unnest($1::text[]) AS pattern`;

/** invalid_regular_expression */
const MALFORMED = '2201B';
