import { INSTANCE_COLUMNS } from '@kilonova/cell-db';
import type { BlockDevice, Instance } from '@kilonova/compute-objects';
import { rows, type Sql } from '@kilonova/sql';
import {
  type CellServer,
  type CellServerRecord,
  cellServerColumns,
  HOST_JOIN,
  toCellServer,
} from '../core/cell-server.repository.js';
import type { ServerFilter } from './model/list-filter.js';
import { comparePositions, type Position, type SortTerm } from './model/list-order.js';
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
const TYPES: Readonly<Record<string, string>> = {
  id: 'int',
  launch_index: 'int',
  power_state: 'int',
  progress: 'int',
  auto_disk_config: 'boolean',
  locked: 'boolean',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
  launched_at: 'timestamptz',
  terminated_at: 'timestamptz',
};
/** Columns of the request itself, which need no look into its document. */
const OWN: Readonly<Record<string, string>> = { uuid: 'b.instance_uuid', project_id: 'b.project_id', user_id: 'b.user_id' };

function requestColumn(column: string): string {
  if (column === 'flavor') return `b.instance -> 'flavor' AS flavor`;
  if (column === 'tags') return `ARRAY(SELECT jsonb_array_elements_text(b.instance -> 'tags')) AS tags`;
  return `${OWN[column] ?? `(b.instance ->> '${column}')::${TYPES[column] ?? 'text'}`} AS ${column}`;
}

/** Requests that no cell has yet look like rows of a cell; the planner computes only what a question mentions. */
const REQUESTED = `(SELECT ${INSTANCE_COLUMNS.map(requestColumn).join(', ')}, b.instance AS document, b.block_device_mappings AS devices FROM build_requests b) i`;

/** Pages of servers, each by keyset: as many rows as are wanted, from right behind the marker. */
export class ServerPageRepository {
  /** A cell's page. */
  async ofCell(sql: Sql, question: PageQuestion): Promise<PageRow[]> {
    const { filter } = question;
    if (filter.rows === 'live') return this.#page(sql, [LIVE], question);
    if (filter.rows === 'deleted') return this.#page(sql, [ARCHIVED], question);
    return this.#page(sql, [LIVE, ARCHIVED], question);
  }

  /** A page of the servers that no cell has yet. */
  async ofRequests(sql: Sql, question: PageQuestion): Promise<PageRow[]> {
    if (question.filter.rows === 'deleted') return [];
    const parameters = new Parameters();
    const text = `SELECT i.document, i.devices, ${positionColumn(question.order)} AS position FROM ${REQUESTED} ${rest(question, parameters)}`;
    const found = await rows<{ document: Instance; devices: readonly BlockDevice[]; position: Position }>(
      sql,
      text,
      parameters.values,
    );
    return found.map(({ document, devices, position }) => ({
      uuid: document.uuid,
      position,
      instance: document,
      host: null,
      devices,
    }));
  }

  /** Where a server of a cell stands in an order; undefined when it is not there. */
  async position(sql: Sql, uuid: string, order: readonly SortTerm[]): Promise<Position | undefined> {
    const text = [LIVE, ARCHIVED]
      .map((table) => `SELECT ${positionColumn(order)} AS position FROM ${table} WHERE i.uuid = $1`)
      .join(' UNION ALL ');
    const [found] = await rows<{ position: Position }>(sql, text, [uuid]);
    return found?.position;
  }

  async positionOfRequest(sql: Sql, uuid: string, order: readonly SortTerm[]): Promise<Position | undefined> {
    const [found] = await rows<{ position: Position }>(
      sql,
      `SELECT ${positionColumn(order)} AS position FROM ${REQUESTED} WHERE i.uuid = $1`,
      [uuid],
    );
    return found?.position;
  }

  async #page(sql: Sql, tables: readonly string[], question: PageQuestion): Promise<PageRow[]> {
    const parameters = new Parameters();
    const downMs = parameters.add(question.serviceDownMs, 'int');
    const end = rest(question, parameters);
    const select = (table: string): string =>
      `(SELECT ${cellServerColumns(downMs)}, ${positionColumn(question.order)} AS position FROM ${table} ${HOST_JOIN} ${end})`;
    const found = await rows<CellServerRecord & { position: Position }>(
      sql,
      tables.map(select).join(' UNION ALL '),
      parameters.values,
    );
    const page = found.map((row) => ({ uuid: row.uuid, position: row.position, ...toCellServer(row) }));
    return tables.length === 1 ? page : page.sort((a, b) => comparePositions(question.order, a.position, b.position));
  }
}

/** What comes behind FROM: conditions, order, limit. */
function rest({ filter, order, after, limit }: PageQuestion, parameters: Parameters): string {
  const where = [
    ...filter.conditions.map((condition) => conditionText(condition, parameters)),
    ...(after === undefined ? [] : [behind(order, after, parameters)]),
  ];
  return `${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ORDER BY ${orderBy(order)} LIMIT ${parameters.add(limit, 'int')}`;
}
