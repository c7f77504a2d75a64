import { beforeAll, describe, expect, it } from 'vitest';
import { useNounApi } from '../spec-support/noun-api.js';
import { nounRoutes } from '../spec-support/nouns.js';

const UUID = (number: number): string => `cccccccc-0000-4000-8000-00000000000${number}`;
const SERVER = 'bbbbbbbb-0000-4000-8000-000000000001';

describe('migrations', () => {
  const api = useNounApi(nounRoutes, { withDownCell: true });
  const add = (number: number, project: string, type: string, status: string) =>
    api.cell.query(
      `INSERT INTO migrations (uuid, instance_uuid, project_id, user_id, migration_type, status, source_compute, dest_compute, created_at)
       VALUES ($1, $2, $3, 'u', $4, $5, 'h1', 'h2', $6)`,
      [UUID(number), SERVER, project, type, status, `2026-01-0${number}T00:00:00Z`],
    );
  const list = (query = '', at = '2.1', as = 'admin', roles = '') => api.call('GET', `/os-migrations${query}`, { at, as, roles });
  const uuids = async (query: string, at = '2.80') =>
    (await list(query, at)).body.migrations.map((migration: { uuid: string }) => migration.uuid);

  beforeAll(async () => {
    await add(1, 'p', 'live-migration', 'completed');
    await add(2, 'p', 'live-migration', 'running');
    await add(3, 'q', 'resize', 'finished');
  });

  it('are shown, newest first, in the shape of each microversion', async () => {
    const [old] = (await list()).body.migrations;
    expect(old).toMatchObject({
      instance_uuid: SERVER,
      source_compute: 'h1',
      dest_compute: 'h2',
      status: 'finished',
      dest_host: null,
    });
    expect(old).not.toHaveProperty('migration_type');
    const [, running, completed] = (await list('', '2.23')).body.migrations;
    expect(running.links[0].href).toContain(`/servers/${SERVER}/migrations/${running.id}`);
    expect(completed).not.toHaveProperty('links');
    expect(await uuids('')).toEqual([UUID(3), UUID(2), UUID(1)]);
  });

  it('are filtered and paged', async () => {
    expect(await uuids('?status=running')).toEqual([UUID(2)]);
    expect(await uuids('?migration_type=resize')).toEqual([UUID(3)]);
    expect(await uuids('?host=h2&project_id=p')).toEqual([UUID(2), UUID(1)]);
    expect(await uuids('?changes-since=2026-01-02T00:00:00Z&changes-before=2026-01-02T00:00:00Z')).toEqual([UUID(2)]);
    const page = await list('?limit=2', '2.59');
    expect(page.body.migrations_links[0].href).toContain(`marker=${UUID(2)}`);
    expect(await uuids(`?limit=2&marker=${UUID(2)}`)).toEqual([UUID(1)]);
    expect((await list(`?marker=${UUID(9)}`, '2.59')).status).toBe(400);
    expect((await list('?unknown=1', '2.59')).status).toBe(400);
    expect((await list('?instance_uuid=x')).body.migrations).toEqual([]);
    expect((await list('?hidden=1')).body.migrations).toEqual([]);
    const backwards = await list('?changes-since=2026-01-02T00:00:00Z&changes-before=2026-01-01T00:00:00Z', '2.66');
    expect(backwards.body.badRequest.message).toBe('The value of changes-since must be less than or equal to changes-before.');
  });

  it('have links while they are live and can be looked at, and are not listed when they are hidden', async () => {
    for (const [status, links] of [
      ['accepted', false],
      ['queued', true],
      ['preparing', true],
      ['post-migrating', true],
    ] as const) {
      await api.cell.query('UPDATE migrations SET status = $2 WHERE uuid = $1', [UUID(2), status]);
      const [, shown] = (await list('', '2.59')).body.migrations;
      expect([status, Object.hasOwn(shown, 'links')]).toEqual([status, links]);
    }
    await api.cell.query(`UPDATE migrations SET status = 'running', hidden = true WHERE uuid = $1`, [UUID(2)]);
    expect(await uuids('')).toEqual([UUID(3), UUID(1)]);
    await api.cell.query('UPDATE migrations SET hidden = false WHERE uuid = $1', [UUID(2)]);
  });

  it('of one project are told to its managers, without hosts', async () => {
    const own = await list('', '2.80', 'u:q', 'manager,member,reader');
    expect(own.body.migrations).toHaveLength(1);
    expect(own.body.migrations[0]).toMatchObject({ project_id: 'q', source_compute: null, dest_compute: null });
    expect((await list('?project_id=p', '2.80', 'u:q', 'manager,member,reader')).status).toBe(403);
    expect((await list('', '2.80', 'u:q', 'member,reader')).status).toBe(403);
  });

  it('H2: tell a manager nothing of hosts or other projects by what can be asked for', async () => {
    const ask = async (query: string) => (await list(query, '2.80', 'u:q', 'manager,member,reader')).status;
    expect([await ask('?host=h1'), await ask('?source_compute=h1')]).toEqual([403, 403]);
    expect([await ask(`?marker=${UUID(3)}`), await ask(`?marker=${UUID(1)}`)]).toEqual([200, 400]);
  });
});
