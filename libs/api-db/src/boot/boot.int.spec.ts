import { randomUUID } from 'node:crypto';
import { CELL0_UUID, NO_TRANSPORT } from '@kilonova/cells';
import type { Flavor, Instance, RequestSpec } from '@kilonova/compute-objects';
import type { CastEnvelope } from '@kilonova/messaging';
import { rows } from '@kilonova/sql';
import { emptyTables, useDatabase } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import type { DataSource } from 'typeorm';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { BuildRequestRepository } from '../build-request/build-request.repository.js';
import { CellMappingRepository } from '../cell-mapping/cell-mapping.repository.js';
import { InstanceMappingRepository } from '../instance-mapping/instance-mapping.repository.js';
import { QuotaLedgerRepository } from '../quota/quota-ledger.repository.js';
import { apiMigrations } from '../store/api-migrations.js';
import { type AcceptedBoot, BootRepository } from './boot.repository.js';

const database = useDatabase(apiMigrations());
const boots = new BootRepository();
const requests = new BuildRequestRepository();
const mappings = new InstanceMappingRepository();
let sql: DataSource;
let cellId = 0;
let cell0Id = 0;

beforeAll(async () => {
  sql = await database.dataSource();
});
beforeEach(async () => {
  await emptyTables(sql, ['cell_mappings', 'instance_mappings', 'request_specs', 'build_requests']);
  const cells = new CellMappingRepository();
  cellId = (
    await cells.create(sql, {
      uuid: randomUUID(),
      name: 'cell1',
      transport_url: 'memory://c1',
      database_connection: 'postgres://c1',
      disabled: false,
    })
  ).id;
  cell0Id = (
    await cells.create(sql, {
      uuid: CELL0_UUID,
      name: 'cell0',
      transport_url: NO_TRANSPORT,
      database_connection: 'postgres://c0',
      disabled: false,
    })
  ).id;
});

const flavor = { vcpus: 2, memory_mb: 512 } as Flavor;
const boot = (requestId = 'req-1'): AcceptedBoot => {
  const uuid = randomUUID();
  const instance = { uuid, project_id: 'p1', user_id: 'u1', flavor } as Instance;
  return { instance, spec: { instance_uuid: uuid } as RequestSpec, admin_password: 'pw', request_id: requestId };
};
const accepted = async (count: number, requestId?: string): Promise<string[]> => {
  const given = Array.from({ length: count }, () => boot(requestId));
  await boots.acceptMany(sql, given);
  return given.map((one) => one.instance.uuid);
};
const age = (seconds: number) =>
  rows(
    sql,
    'UPDATE build_requests SET created_at = created_at - make_interval(secs => $1), recast_at = recast_at - make_interval(secs => $1)',
    [seconds],
  );

describe('a boot at the API level', () => {
  it('is accepted with all its servers in one statement, and loaded in the order asked for', async () => {
    const uuids = await accepted(3);
    const loaded = await boots.load(sql, [...uuids].reverse());
    expect(loaded.map((row) => row.uuid)).toEqual([...uuids].reverse());
    expect(loaded[0]).toMatchObject({
      cell_id: null,
      mapped: true,
      queued_for_delete: false,
      admin_password: 'pw',
      instance: { flavor },
      spec: { instance_uuid: uuids[2] },
    });
    expect(await rows(sql, 'SELECT vcpus, memory_mb, project_id FROM build_requests LIMIT 1')).toEqual([
      { vcpus: 2, memory_mb: 512, project_id: 'p1' },
    ]);
  });

  describe('with its quota, in one statement', () => {
    const ledger = new QuotaLedgerRepository();
    const limits = (instances: number, ram = 1_000_000) => {
      const level = { instances, cores: 1_000, ram };
      return { project: level, user: level };
    };
    const message = (uuids: readonly string[]): CastEnvelope => ({
      messageId: randomUUID(),
      target: { topic: 'conductor' },
      method: 'm',
      args: { instance_uuids: uuids },
      ctx: systemCtx(),
    });
    const accept = (count: number, bounds = limits(10)) => {
      const given = Array.from({ length: count }, () => boot());
      return boots.acceptWithin(sql, given, bounds, message(given.map(({ instance }) => instance.uuid)));
    };
    const stored = async () => {
      const of = async (table: string) => (await rows(sql, `SELECT FROM ${table}`)).length;
      const tables = ['build_requests', 'request_specs', 'instance_mappings', 'quota_holdings', 'outbox'];
      return Promise.all(tables.map(of));
    };
    beforeEach(() => emptyTables(sql, ['quota_usages', 'quota_holdings', 'outbox']));

    it('is left to others while nothing was counted yet', async () => {
      expect(await accept(1)).toBeUndefined();
      expect(await stored()).toEqual([0, 0, 0, 0, 0]);
    });

    it('is stored, counted, and its message leased, or nothing is', async () => {
      await ledger.add(sql, 'p1', 'u1', { instances: 1, cores: 1, ram: 1 });
      const cast = await accept(3);
      expect(await rows(sql, 'SELECT id, method, args, available_at > now() AS leased FROM outbox')).toEqual([
        { id: cast?.id, method: 'm', args: cast?.envelope.args, leased: true },
      ]);
      expect(await ledger.usage(sql, 'p1', 'u1')).toEqual({
        project: { instances: 4, cores: 7, ram: 1537 },
        user: { instances: 4, cores: 7, ram: 1537 },
      });
      expect([await accept(7), await accept(1, limits(10, 2_048)), await accept(1, limits(-1))]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      expect(await stored()).toEqual([3, 3, 3, 3, 1]);
    });

    it('never goes over a limit, however many come at once', async () => {
      await ledger.add(sql, 'p1', 'u1', { instances: 0, cores: 0, ram: 0 });
      await ledger.add(sql, 'p1', 'u2', { instances: 0, cores: 0, ram: 0 });
      const results = await Promise.all(Array.from({ length: 15 }, () => accept(2, limits(9))));
      expect(results.filter((cast) => cast !== undefined)).toHaveLength(4);
      expect([(await ledger.usage(sql, 'p1', 'u1')).project.instances, await ledger.drifted(sql, 1)]).toEqual([8, []]);
    });
  });

  it('is settled in a cell by one of many runs', async () => {
    const uuids = await accepted(4);
    const runs = await Promise.all([1, 2, 3].map(() => boots.settle(sql, cellId, uuids)));
    for (const uuid of uuids) expect(runs.filter((run) => run.find((one) => one.uuid === uuid)?.taken)).toHaveLength(1);
    expect((await mappings.findMany(sql, uuids)).map((mapping) => mapping.cell_id)).toEqual([cellId, cellId, cellId, cellId]);
  });

  it('belongs to its user or to the conductor, never to both', async () => {
    for (let round = 0; round < 10; round++) {
      const [uuid = ''] = await accepted(1);
      const [given, settled] = await Promise.all([requests.giveUp(sql, uuid), boots.settle(sql, cellId, [uuid])]);
      expect(settled[0]?.taken).toBe(given === undefined);
      expect(await mappings.find(sql, uuid)).toEqual(
        given === undefined ? expect.objectContaining({ cell_id: cellId }) : undefined,
      );
    }
  });

  it('that is queued for delete is not settled', async () => {
    const uuids = await accepted(1);
    await mappings.queueForDelete(sql, uuids);
    expect(await boots.settle(sql, cellId, uuids)).toEqual([{ uuid: uuids[0], taken: false }]);
  });

  it('is overdue after a while, and handed out once in a while', async () => {
    const [old = ''] = await accepted(1, 'req-old');
    await age(100);
    await accepted(1, 'req-new');
    expect(await boots.takeOverdue(sql, 60, 10)).toMatchObject([
      { instance_uuid: old, request_id: 'req-old', user_id: 'u1', project_id: 'p1' },
    ]);
    expect(await boots.takeOverdue(sql, 60, 10)).toEqual([]);
    await age(100);
    expect(await boots.takeOverdue(sql, 60, 10)).toHaveLength(2);
  });

  it('tells who may hold something of a node in a cell', async () => {
    const [waiting = '', here = '', buried = '', deleted = '', unknown = ''] = [...(await accepted(4)), randomUUID()];
    await boots.settle(sql, cellId, [here, deleted]);
    await boots.settle(sql, cell0Id, [buried]);
    await mappings.queueForDelete(sql, [deleted]);
    expect(await boots.holders(sql, [waiting, here, buried, deleted, unknown], cellId)).toEqual(new Set([waiting]));
    expect(await boots.holders(sql, [waiting, here, buried, deleted, unknown], cell0Id)).toEqual(new Set([waiting, here]));
  });
});
