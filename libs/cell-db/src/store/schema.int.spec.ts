import { rows } from '@kilonova/sql';
import { useDatabase } from '@kilonova/testing';
import type { DataSource } from 'typeorm';
import { beforeAll, describe, expect, it } from 'vitest';
import { InstanceActionEventRow, InstanceActionRow } from '../action/instance-action.entity.js';
import { ComputeNodeRow } from '../compute-node/compute-node.entity.js';
import { ALL_COLUMNS } from '../instance/instance.columns.js';
import { InstanceRow } from '../instance/instance.entity.js';
import { EndedStepRow, OperationRow } from '../operation/operation.entity.js';
import { ServiceRow } from '../service/service.entity.js';
import { cellMigrations } from './cell-migrations.js';

const entities = [InstanceRow, InstanceActionRow, InstanceActionEventRow, ServiceRow, ComputeNodeRow, OperationRow, EndedStepRow];
const database = useDatabase(cellMigrations());
let sql: DataSource;
beforeAll(async () => {
  sql = await database.dataSource({ entities });
});

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

const inDatabase = (table: string) =>
  rows<Column>(
    sql,
    `SELECT a.attname AS name, replace(replace(format_type(a.atttypid, NULL), 'timestamp with time zone', 'timestamptz'), 'integer', 'int') AS type, NOT a.attnotnull AS nullable
       FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY 1`,
    [table],
  );

describe('the schema', () => {
  it.each(entities.map((entity) => [entity.name, entity] as const))('has the columns of %s', async (_name, entity) => {
    const metadata = sql.getMetadata(entity);
    const declared = metadata.columns.map((column) => ({
      name: column.databaseName,
      type: `${column.type === 'boolean' ? 'boolean' : String(column.type)}${column.isArray ? '[]' : ''}`,
      nullable: column.isNullable,
    }));
    expect(declared.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(await inDatabase(metadata.tableName));
  });

  it('has the same columns for live and for deleted instances, and all of them are moved', async () => {
    const live = await inDatabase('instances');
    expect(await inDatabase('instances_archive')).toEqual(live);
    expect([...ALL_COLUMNS].sort()).toEqual(live.map((column) => column.name));
  });
});
