import type { StateMatch } from '../core/model/status.js';
import { type Condition, EXACT_COLUMNS } from './model/list-filter.js';
import type { Position, SortKey, SortTerm } from './model/list-order.js';

/** Collects the parameters of a statement while its text is put together. */
export class Parameters {
  readonly values: unknown[] = [];

  /** `$3::text` */
  add(value: unknown, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}

const TIMES: readonly SortKey[] = ['created_at', 'updated_at', 'launched_at', 'terminated_at'];
const NUMBERS: readonly SortKey[] = ['launch_index', 'power_state', 'progress'];
const BOOLEANS: readonly SortKey[] = ['auto_disk_config', 'locked'];
/** These are never null, so that an index serves their order as it stands. */
const NEVER_NULL: readonly SortKey[] = ['created_at', 'uuid'];

/** The column that a key orders by. Texts are ordered by code point: cells must agree, whatever their collation. */
function sortColumn(key: SortKey): string {
  if (key === 'instance_type_id') return `(i.flavor ->> 'id')::int`;
  const isText = key !== 'uuid' && ![...TIMES, ...NUMBERS, ...BOOLEANS].includes(key);
  return isText ? `(i.${key} COLLATE "C")` : `i.${key}`;
}

const sqlType = (key: SortKey): string => {
  if (key === 'uuid') return 'uuid';
  if (BOOLEANS.includes(key)) return 'boolean';
  return key === 'instance_type_id' || NUMBERS.includes(key) ? 'int' : 'text';
};

/** The values that a row is ordered by, exact: times in microseconds. */
export const positionColumn = (order: readonly SortTerm[]): string =>
  `jsonb_build_array(${order.map(({ key }) => (TIMES.includes(key) ? `(extract(epoch FROM i.${key}) * 1000000)::bigint` : sortColumn(key))).join(', ')})`;

export const orderBy = (order: readonly SortTerm[]): string =>
  order
    .map(
      ({ key, direction }) =>
        `${sortColumn(key)} ${direction}${NEVER_NULL.includes(key) ? '' : direction === 'asc' ? ' NULLS FIRST' : ' NULLS LAST'}`,
    )
    .join(', ');

const value = (key: SortKey, given: Position[number], parameters: Parameters): string =>
  TIMES.includes(key)
    ? `('epoch'::timestamptz + ${parameters.add(given, 'bigint')} * interval '1 microsecond')`
    : parameters.add(given, sqlType(key));

/** Rows behind a position in the order. The bound on the first key is implied; it is there for the index. */
export function behind(order: readonly SortTerm[], position: Position, parameters: Parameters): string {
  const terms = order.map(({ key, direction }, index) => {
    const given = position[index] ?? null;
    const column = sortColumn(key);
    const own = given === null ? 'NULL' : value(key, given, parameters);
    const after =
      direction === 'asc'
        ? given === null
          ? `${column} IS NOT NULL`
          : `${column} > ${own}`
        : given === null
          ? 'false'
          : `(${column} < ${own} OR ${column} IS NULL)`;
    const same = given === null ? `${column} IS NULL` : `${column} = ${own}`;
    return { key, direction, column, own, after, same };
  });
  const chain = terms.map(({ after }, index) => [...terms.slice(0, index).map(({ same }) => same), after].join(' AND '));
  const [first] = terms;
  const bound =
    first !== undefined && NEVER_NULL.includes(first.key)
      ? `${first.column} ${first.direction === 'asc' ? '>=' : '<='} ${first.own} AND `
      : '';
  return `${bound}(${chain.map((part) => `(${part})`).join(' OR ')})`;
}

/** One condition as SQL over the alias `i`. */
export function conditionText(condition: Condition, parameters: Parameters): string {
  switch (condition.kind) {
    case 'equals': {
      const column = condition.column === 'flavorid' ? `i.flavor ->> 'flavorid'` : `i.${condition.column}`;
      return condition.value === null
        ? `${column} IS NULL`
        : `${column} = ${parameters.add(condition.value, EXACT_COLUMNS[condition.column])}`;
    }
    case 'not-soft-deleted':
      return `i.vm_state <> 'soft-delete'`;
    case 'among':
      return `coalesce(i.${condition.column}, '') = ANY(${parameters.add(condition.values, 'text[]')})`;
    case 'matches':
      return `i.${condition.column} ~ ${parameters.add(condition.pattern, 'text')}`;
    case 'at':
      return `date_trunc('second', i.${condition.column}) = date_trunc('second', ${parameters.add(condition.time, 'timestamptz')})`;
    case 'states':
      return `(${condition.any.map((match) => stateText(match, parameters)).join(' OR ')})`;
    case 'changed': {
      const changed = 'coalesce(i.updated_at, i.created_at)';
      const since = condition.since === undefined ? [] : [`${changed} >= ${parameters.add(condition.since, 'timestamptz')}`];
      const before = condition.before === undefined ? [] : [`${changed} <= ${parameters.add(condition.before, 'timestamptz')}`];
      return [...since, ...before].join(' AND ');
    }
    case 'tags': {
      const operator = condition.mode.endsWith('any') ? '&&' : '@>';
      return `${condition.mode.startsWith('not') ? 'NOT ' : ''}(i.tags ${operator} ${parameters.add(condition.tags, 'text[]')})`;
    }
  }
}

function stateText({ vmState, tasks, except }: StateMatch, parameters: Parameters): string {
  const state = `i.vm_state = ${parameters.add(vmState, 'text')}`;
  if (tasks !== null) return `(${state} AND i.task_state = ANY(${parameters.add(tasks, 'text[]')}))`;
  if (except.length === 0) return `(${state})`;
  return `(${state} AND (i.task_state IS NULL OR i.task_state <> ALL(${parameters.add(except, 'text[]')})))`;
}
