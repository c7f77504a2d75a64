import { StepRepository } from '@kilonova/cell-db';
import { execute, rows } from '@kilonova/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Cast, useServerCloud } from '../../../spec-support/server-cloud.js';

const cloud = useServerCloud({ computeApi: { reclaimInstanceIntervalSeconds: 3600 } });
const ADMIN = { as: 'admin:p', roles: 'admin' } as const;
const steps = new StepRepository();
let works: boolean;

/** The agent of host1 as soon as it is told of a step. */
cloud.onCast = async ({ method, args, host }: Cast) => {
  if (host === undefined || !works) return;
  const step = { ...(args as object), step: method, host } as never;
  await steps.take(cloud.cell1, step);
  await steps.finish(cloud.cell1, { ...(step as object), updates: {} } as never);
};

beforeEach(async () => {
  works = true;
  await cloud.clear();
});

const statusOf = async (id: string) => (await cloud.call('GET', `/servers/${id}`)).body.server?.status;
const until = (id: string, status: string) => expect.poll(() => statusOf(id), { timeout: 10_000 }).toBe(status);
const act = (id: string, action: string) => cloud.call('POST', `/servers/${id}/action`, { body: { [action]: null } });
const listed = async (query = '', call: object = {}) =>
  (await cloud.call('GET', `/servers${query}`, call)).body.servers.map(({ id }: { id: string }) => id);

async function softDeleted(): Promise<string> {
  const id = await cloud.active();
  expect((await cloud.call('DELETE', `/servers/${id}`)).status).toBe(204);
  await until(id, 'SOFT_DELETED');
  return id;
}

/** What the super conductor does when it is told that the server counts no more. */
const released = (id: string) => execute(cloud.api, 'DELETE FROM quota_holdings WHERE instance_uuid = $1', [id]);

describe('with a delay, a delete', () => {
  /** What a conductor was told of, or will be. */
  const released = async (): Promise<unknown[]> => {
    const waiting = await rows<{ args: unknown }>(cloud.cell1, `SELECT args FROM outbox WHERE method = 'release_quota'`);
    const told = cloud.casts.filter(({ method }) => method === 'release_quota');
    return [...waiting, ...told].map(({ args }) => args);
  };

  it('leaves the server on its host, and tells the API level that it counts no more', async () => {
    const id = await softDeleted();
    expect(cloud.casts.map(({ method }) => method)).toContain('soft_delete_instance');
    expect(await released()).toContainEqual({ instance_uuids: [id] });
    const [row] = await rows<{ deleted_at: Date | null }>(cloud.cell1, 'SELECT deleted_at FROM instances');
    expect(row?.deleted_at).not.toBeNull();
    const { body } = await cloud.call('GET', `/servers/${id}/os-instance-actions`);
    expect(body.instanceActions.map(({ action }: { action: string }) => action)).toEqual(['delete']);
  });

  it('takes it off lists that do not ask for it', async () => {
    const id = await softDeleted();
    expect([await listed(), await listed('?soft_deleted=true')]).toEqual([[], []]);
    expect([await listed('?status=SOFT_DELETED'), await listed('?soft_deleted=true', ADMIN)]).toEqual([[id], [id]]);
    expect([await listed('?deleted=true', ADMIN), await listed('?deleted=true&soft_deleted=false', ADMIN)]).toEqual([[id], []]);
  });

  it('is not one of a server that never ran', async () => {
    const id = await cloud.createdId();
    expect((await cloud.call('DELETE', `/servers/${id}`)).status).toBe(204);
    expect(await statusOf(id)).toBeUndefined();
  });

  it('does without a host that is down', async () => {
    const id = await cloud.active({}, {}, 'host9');
    expect((await cloud.call('DELETE', `/servers/${id}`)).status).toBe(204);
    expect(await statusOf(id)).toBe('SOFT_DELETED');
  });
});

describe('a soft-deleted server', () => {
  it('is restored where there is room', async () => {
    const id = await softDeleted();
    expect((await act(id, 'restore')).status).toBe(202);
    await until(id, 'ACTIVE');
    expect(await listed()).toEqual([id]);
    const [row] = await rows<{ deleted_at: Date | null }>(cloud.cell1, 'SELECT deleted_at FROM instances');
    expect(row?.deleted_at).toBeNull();
    expect((await act(id, 'restore')).body.conflictingRequest.message).toContain(`Cannot 'restore' instance ${id}`);
  });

  it('takes quota when it is restored, and is not where there is none left', async () => {
    const id = await softDeleted();
    await released(id);
    await execute(cloud.api, `UPDATE quota_usages SET instances = 0, cores = 0, ram = 0`);
    await execute(cloud.api, `INSERT INTO quotas (project_id, user_id, resource, hard_limit) VALUES ('p', '', 'instances', 0)`);
    const over = await act(id, 'restore');
    expect([over.status, over.body.forbidden.message]).toEqual([403, expect.stringContaining('Quota exceeded for instances')]);
    expect(await statusOf(id)).toBe('SOFT_DELETED');
    expect((await cloud.usage()).instances).toBe(0);
    await execute(cloud.api, `UPDATE quotas SET hard_limit = 1`);
    expect((await act(id, 'restore')).status).toBe(202);
    expect(await cloud.usage()).toMatchObject({ instances: 1, cores: 1 });
  });

  it('is deleted at once by force', async () => {
    const id = await softDeleted();
    expect((await act(id, 'forceDelete')).status).toBe(202);
    await expect.poll(() => rows(cloud.cell1, 'SELECT 1 FROM instances'), { timeout: 10_000 }).toEqual([]);
    expect((await cloud.usage()).instances).toBe(0);
  });

  it('is nothing else', async () => {
    const id = await softDeleted();
    works = false;
    expect((await act(id, 'os-start')).status).toBe(409);
    expect((await act(id, 'restore')).status).toBe(202);
    expect((await act(id, 'restore')).body.conflictingRequest.message).toContain('task_state restoring');
  });
});
