import { execute, rows } from '@kilonova/sql';
import { beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../../spec-support/server-cloud.js';

const ADMIN = { as: 'admin:p' } as const;

describe('a server whose host is down', () => {
  const cloud = useServerCloud();
  let server: string;
  beforeEach(async () => {
    await cloud.clear();
    await cloud.host('host1');
    await cloud.host('host3');
    await execute(cloud.cell1, 'UPDATE services SET forced_down = false');
    server = await cloud.active();
  });
  const down = (host = 'host1') => execute(cloud.cell1, 'UPDATE services SET forced_down = true WHERE host = $1', [host]);
  const evacuate = (body: Record<string, unknown> = {}, at = '2.96') =>
    cloud.call('POST', `/servers/${server}/action`, { ...ADMIN, at, body: { evacuate: body } });
  const kept = async () =>
    (
      await rows<{ arguments: Record<string, unknown>; state: string }>(cloud.cell1, 'SELECT arguments, state FROM operations')
    )[0];

  it('is made anew elsewhere, whatever was being done to it', async () => {
    await down();
    await cloud.change(server, { task_state: 'rebooting' });
    const { status, body } = await evacuate({ adminPass: 'secret' });
    expect([status, body]).toEqual([200, undefined]);
    expect(await kept()).toMatchObject({
      state: 'placing',
      arguments: {
        admin_password: 'secret',
        ends_stopped: true,
        forced: false,
        requested_host: null,
        image: { status: 'active' },
      },
    });
    const shown = (await cloud.call('GET', `/servers/${server}`)).body.server;
    expect([shown.status, shown['OS-EXT-STS:task_state']]).toEqual(['REBUILD', 'rebuilding']);
    const [migration] = (await cloud.call('GET', '/os-migrations', ADMIN)).body.migrations;
    expect(migration).toMatchObject({ migration_type: 'evacuation', status: 'accepted', source_compute: 'host1' });
    const [action] = (await cloud.call('GET', `/servers/${server}/os-instance-actions`)).body.instanceActions;
    expect(action.action).toBe('evacuate');
  });

  it('says its password up to 2.13, none where its disks are kept', async () => {
    await down();
    expect((await evacuate({ onSharedStorage: false }, '2.13')).body.adminPass).toMatch(/^\S{12}$/);
    server = await cloud.active();
    expect((await evacuate({ onSharedStorage: 'True' }, '2.13')).body).toEqual({ adminPass: null });
    expect((await evacuate({ onSharedStorage: true, adminPass: 'x' }, '2.13')).body.badRequest.message).toBe(
      "admin password can't be changed on existing disk",
    );
  });

  it('goes to the host that is named, and runs on where it did up to 2.94', async () => {
    await down();
    expect((await evacuate({ host: 'host3', force: true }, '2.67')).status).toBe(200);
    expect((await kept())?.arguments).toMatchObject({ requested_host: 'host3', forced: true, ends_stopped: false });
  });

  it.each<[string, number, Record<string, unknown>, string, string]>([
    ['an unknown host', 404, { host: 'nowhere' }, '2.96', 'Compute host nowhere not found.'],
    ['the host that it is on', 400, { host: 'host1' }, '2.96', "The target host can't be the same one."],
    ['force without a host', 400, { force: true }, '2.67', "Can't force to a non-provided destination"],
  ])('is refused with %s', async (_what, code, body, at, message) => {
    await down();
    const answer = await evacuate(body, at);
    expect([answer.status, Object.values(answer.body)[0]]).toEqual([code, { code, message }]);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ onSharedStorage: false }, '2.14'],
    [{}, '2.13'],
    [{ force: false }, '2.28'],
    [{ force: false, host: 'host3' }, '2.68'],
  ])('is refused with %o at %s', async (body, at) => {
    await down();
    expect((await evacuate(body, at)).status).toBe(400);
  });

  it('stays while its host is up, and in states that it cannot be made anew in', async () => {
    expect((await evacuate()).body.badRequest.message).toBe('Compute service of host1 is still in use.');
    await down();
    await cloud.change(server, { vm_state: 'paused' });
    expect((await evacuate()).body.conflictingRequest.message).toBe(
      `Cannot 'evacuate' instance ${server} while it is in vm_state paused`,
    );
  });

  it('is one of many, which all go', async () => {
    const servers = [server, ...(await Promise.all(Array.from({ length: 7 }, () => cloud.active())))];
    await down();
    const codes = await Promise.all(
      servers.map((id) => cloud.call('POST', `/servers/${id}/action`, { ...ADMIN, body: { evacuate: {} } })),
    );
    expect(codes.map(({ status }) => status)).toEqual(servers.map(() => 200));
    expect(await rows(cloud.cell1, `SELECT 1 FROM operations WHERE name = 'evacuate'`)).toHaveLength(8);
  });
});
