import { ApiDatabase } from '@kilonova/api-db';
import { type Cell, CellRegistry, type CellResult } from '@kilonova/cells';
import { AppError, invalid, type Principal } from '@kilonova/util';
import { Injectable } from '@nestjs/common';
import { PatternSearch, type RunLimited } from '../../common/pattern-search.service.js';
import { ComputeSettings } from '../../common/settings.js';
import { ServerLocator } from '../core/server-locator.service.js';
import { type PartialEntry, ServerLookupRepository } from '../core/server-lookup.repository.js';
import type { ServerFilter } from './model/list-filter.js';
import type { Position, SortTerm } from './model/list-order.js';
import { mergePages } from './model/merge-pages.js';
import { type PageQuestion, type PageRow, ServerPageRepository } from './server-page.repository.js';

export interface ListOrder {
  readonly filter: ServerFilter;
  readonly order: readonly SortTerm[];
  readonly limit: number;
  readonly marker: string | undefined;
  /** Servers of cells that are down are told as far as they are known. */
  readonly partials: boolean;
  /** Null: all projects. */
  readonly projectId: string | null;
}

export interface ServerList {
  /** Servers whose cell does not answer. */
  readonly partial: readonly PartialEntry[];
  readonly rows: readonly PageRow[];
  /** Whether any cell did not answer. */
  readonly incomplete: boolean;
}

const EMPTY: ServerList = { partial: [], rows: [], incomplete: false };

/**
 * One page of servers over requests and all cells. Each source answers a page of its own from behind the marker, side by
 * side, and the pages are merged; nothing is read that cannot be on the page.
 */
@Injectable()
export class ListServers {
  readonly #pages = new ServerPageRepository();
  readonly #lookup = new ServerLookupRepository();

  constructor(
    private readonly database: ApiDatabase,
    private readonly cells: CellRegistry,
    private readonly locator: ServerLocator,
    private readonly patterns: PatternSearch,
    private readonly settings: ComputeSettings,
  ) {}

  /** @throws AppError 400 for an unknown marker or a pattern that cannot be tried, 429 for too many patterns at once */
  run(principal: Principal, list: ListOrder): Promise<ServerList> {
    return this.patterns.run(principal, patternsOf(list.filter), (limited) => this.#run(principal, list, limited));
  }

  async #run(principal: Principal, list: ListOrder, limited: RunLimited): Promise<ServerList> {
    const after = list.marker === undefined ? undefined : await this.#position(principal, list.marker, list.order);
    if (list.filter.isEmpty || list.limit === 0) return EMPTY;
    const question: PageQuestion = {
      filter: list.filter,
      order: list.order,
      limit: list.limit,
      after,
      serviceDownMs: this.settings.serviceDownMs,
    };
    // Requests first: a server that moves to its cell meanwhile is then seen twice rather than not at all.
    const requested = await limited(await this.database.sql(), (sql) => this.#pages.ofRequests(sql, question));
    const results = await this.cells.scatter((cell) => limited(cell, (sql) => this.#pages.ofCell(sql, question)));
    const pages = results.flatMap((result) => (result.outcome === 'value' ? [result.value] : []));
    const down = downCells(results);
    const partial = list.partials && down.length > 0 ? await this.#partial(down, list) : [];
    return {
      partial,
      rows: mergePages([requested, ...pages], list.order, list.limit - partial.length),
      incomplete: down.length > 0,
    };
  }

  async #partial(down: readonly Cell[], { projectId, limit }: ListOrder): Promise<readonly PartialEntry[]> {
    return this.#lookup.ofCells(
      await this.database.sql(),
      down.map(({ id }) => id),
      projectId,
      limit,
    );
  }

  async #position(principal: Principal, marker: string, order: readonly SortTerm[]): Promise<Position> {
    const entry = await this.locator.entry(principal, marker);
    const position = entry === undefined ? undefined : await this.#positionOf(entry, order);
    if (position === undefined) throw invalid('compute.servers.marker_unknown', `marker [${marker}] not found`);
    return position;
  }

  async #positionOf(
    entry: { readonly uuid: string; readonly cell_id: number | null },
    order: readonly SortTerm[],
  ): Promise<Position | undefined> {
    if (entry.cell_id === null) return this.#pages.positionOfRequest(await this.database.sql(), entry.uuid, order);
    const cell = await this.cells.findById(entry.cell_id);
    return cell?.run((sql) => this.#pages.position(sql, entry.uuid, order));
  }
}

const patternsOf = ({ conditions }: ServerFilter): string[] =>
  conditions.flatMap((condition) => (condition.kind === 'matches' ? [condition.pattern] : []));

/** Cells that did not answer. @throws what went wrong in a cell that did */
function downCells(results: ReadonlyArray<CellResult<unknown>>): Cell[] {
  return results.flatMap((result) => {
    if (result.outcome === 'value') return [];
    if (result.outcome === 'error' && AppError.from(result.error).kind !== 'dependency') throw result.error;
    return [result.cell];
  });
}
