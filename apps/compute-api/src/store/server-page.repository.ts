import { INSTANCE_COLUMNS } from '@kilonova/cell-db';
import { rows, type Sql } from '@kilonova/sql';
import type { ServerFilter } from '../model/server/list-filter.js';
import { comparePositions, type Position, type SortTerm } from '../model/server/list-order.js';
import { type CellServer, type CellServerRecord, cellServerColumns, HOST_JOIN, toCellServer } from './cell-server.repository.js';
import { behind, conditionText, orderBy, Parameters, positionColumn } from './server-list.statement.js';

export interface PageQuestion {
  readonly filter: ServerFilter;
  readonly order: readonly SortTerm[];
  readonly limit: number;
  /** Only what comes behind it. */
  readonly after?: Position;
  readonly serviceDownMs: number;
}

/** A row of a page and where it stands in the order. */
export interface PageRow extends CellServer {
  readonly uuid: string;
  readonly position: Position;
}

const LIVE = 'instances i';
const ARCHIVED = 'instances_archive i';
/** Requests that no cell has yet look like rows of a cell. */
const TYPES: Readonly<Record<string, string>> = {
  id: 'int', uuid: 'uuid', launch_index: 'int', power_state: 'int', progress: 'int', compute_node_uuid: 'uuid', flavor: 'jsonb', keypairs: 'jsonb',
  auto_disk_config: 'boolean', locked: 'boolean', metadata: 'jsonb', system_metadata: 'jsonb', tags: 'text[]', trusted_certs: 'jsonb', fault: 'jsonb',
  created_at: 'timestamptz', updated_at: 'timestamptz', launched_at: 'timestamptz', terminated_at: 'timestamptz', deleted_at: 'timestamptz',
};
const REQUESTED = `build_requests b CROSS JOIN LATERAL jsonb_to_record(b.instance) AS i (${INSTANCE_COLUMNS.map((column) => `${column} ${TYPES[column] ?? 'text'}`).join(', ')})`;
const NO_HOST = 'CROSS JOIN (SELECT NULL::boolean AS disabled, NULL::boolean AS forced_down, NULL::timestamptz AS last_seen_up) hs';

/** Pages of servers, each by keyset: as many rows as are wanted, from right behind the marker. */
export class ServerPageRepository {
  /** A cell's page. */
  async ofCell(sql: Sql, question: PageQuestion): Promise<PageRow[]> {
    const { filter } = question;
    if (filter.rows === 'live') return this.#page(sql, [[LIVE, HOST_JOIN]], question);
    if (filter.rows === 'deleted') return this.#page(sql, [[ARCHIVED, HOST_JOIN]], question);
    return this.#page(sql, [[LIVE, HOST_JOIN], [ARCHIVED, HOST_JOIN]], question);
  }

  /** A page of the servers that no cell has yet. */
  async ofRequests(sql: Sql, question: PageQuestion): Promise<PageRow[]> {
    if (question.filter.rows === 'deleted') return [];
    return this.#page(sql, [[REQUESTED, NO_HOST]], question);
  }

  /** Where a server of a cell stands in an order; undefined when it is not there. */
  async position(sql: Sql, uuid: string, order: readonly SortTerm[]): Promise<Position | undefined> {
    const text = [LIVE, ARCHIVED].map((table) => `SELECT ${positionColumn(order)} AS position FROM ${table} WHERE i.uuid = $1`).join(' UNION ALL ');
    const [found] = await rows<{ position: Position }>(sql, text, [uuid]);
    return found?.position;
  }

  async positionOfRequest(sql: Sql, uuid: string, order: readonly SortTerm[]): Promise<Position | undefined> {
    const [found] = await rows<{ position: Position }>(sql, `SELECT ${positionColumn(order)} AS position FROM ${REQUESTED} WHERE b.instance_uuid = $1`, [uuid]);
    return found?.position;
  }

  async #page(sql: Sql, sources: ReadonlyArray<readonly [table: string, join: string]>, question: PageQuestion): Promise<PageRow[]> {
    const parameters = new Parameters();
    const downMs = parameters.add(question.serviceDownMs, 'int');
    const where = [
      ...question.filter.conditions.map((condition) => conditionText(condition, parameters)),
      ...(question.after === undefined ? [] : [behind(question.order, question.after, parameters)]),
    ];
    const limit = parameters.add(question.limit, 'int');
    const select = ([table, join]: readonly [string, string]): string =>
      `(SELECT ${cellServerColumns(downMs)}, ${positionColumn(question.order)} AS position FROM ${table} ${join}
         ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY ${orderBy(question.order)} LIMIT ${limit})`;
    const found = await rows<CellServerRecord & { position: Position }>(sql, sources.map(select).join(' UNION ALL '), parameters.values);
    const page = found.map((row) => ({ uuid: row.uuid, position: row.position, ...toCellServer(row) }));
    return sources.length === 1 ? page : page.sort((a, b) => comparePositions(question.order, a.position, b.position));
  }
}
