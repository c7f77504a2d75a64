import { rows } from '@kilonova/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const MANAGER = { as: 'u:p', roles: 'manager,member,reader' } as const;
const ADMIN = { as: 'admin:p' } as const;

describe('live migrations of a server', () => {
  const cloud = useServerCloud();
  let server: string;
  beforeEach(async () => {
    server = await cloud.active();
  });

  const add = async (status: string, type = 'live-migration', of = server): Promise<number> => {
    const [row] = await rows<{ id: number }>(
      cloud.cell1,
      `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute, source_node,
                               dest_compute, dest_node, memory_total, memory_processed, memory_remaining, disk_total, disk_processed, disk_remaining)
       VALUES (gen_random_uuid(), $1, 'p', 'u', $2, $3, 'host1', 'host1', 'host3', 'host3', 5368709120, 1, 5368709119, 0, 0, 0) RETURNING id`,
      [of, type, status],
    );
    return row?.id as number;
  };
  const list = (call = {}) => cloud.call('GET', `/servers/${server}/migrations`, { at: '2.80', ...ADMIN, ...call });
  const show = (id: number | string, call = {}) =>
    cloud.call('GET', `/servers/${server}/migrations/${id}`, { at: '2.80', ...ADMIN, ...call });

  it('are listed while they are under way, and no other moves', async () => {
    const shown = [await add('queued'), await add('preparing'), await add('running'), await add('post-migrating')];
    for (const status of ['accepted', 'completed', 'cancelled', 'failed', 'error']) await add(status);
    await add('migrating', 'resize');
    await add('running', 'live-migration', await cloud.active());
    const { body } = await list();
    expect(body.migrations.map((row: { id: number }) => row.id)).toEqual(shown);
  });

  it('show how far they are, in the shape of each microversion', async () => {
    const id = await add('running');
    const { status, body } = await show(id);
    expect(status).toBe(200);
    expect(body.migration).toMatchObject({
      id,
      server_uuid: server,
      status: 'running',
      memory_total_bytes: 5368709120,
      memory_processed_bytes: 1,
      memory_remaining_bytes: 5368709119,
      disk_total_bytes: 0,
      source_compute: 'host1',
      dest_node: 'host3',
      updated_at: null,
      user_id: 'u',
      project_id: 'p',
    });
    const [at259, at223] = [await show(id, { at: '2.59' }), await show(id, { at: '2.23' })];
    expect(at259.body.migration).not.toHaveProperty('user_id');
    expect(at259.body.migration.uuid).toMatch(/^[0-9a-f-]{36}$/);
    expect(at223.body.migration).not.toHaveProperty('uuid');
    expect((await show(id, { at: '2.22' })).status).toBe(404);
  });

  it('are listed to managers of the project without hosts, and shown to administrators alone', async () => {
    const id = await add('running');
    const { body } = await list(MANAGER);
    expect(body.migrations[0]).toMatchObject({ source_compute: null, source_node: null, dest_compute: null, dest_node: null });
    expect((await list({ as: 'u:p', roles: 'member' })).status).toBe(403);
    expect((await show(id, MANAGER)).status).toBe(403);
    expect((await list({ ...MANAGER, as: 'u:other' })).status).toBe(404);
  });

  it('are not found when they are of another server, of another kind, or over', async () => {
    const message = async (id: number | string) => (await show(id)).body.itemNotFound.message;
    const [cold, over] = [await add('migrating', 'resize'), await add('completed')];
    const foreign = await add('running', 'live-migration', await cloud.active());
    expect(await message(foreign)).toBe(`In-progress live migration ${foreign} is not found for server ${server}.`);
    expect(await message('x')).toBe(`In-progress live migration x is not found for server ${server}.`);
    expect(await message('99999999999')).toContain('is not found');
    expect(await message(cold)).toBe(`Migration ${cold} for server ${server} is not live-migration.`);
    expect(await message(over)).toBe(`Live migration ${over} for server ${server} is not in progress.`);
  });
});
