import { rows } from '@kilonova/sql';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useServerCloud } from '../../../spec-support/server-cloud.js';

const cloud = useServerCloud();

beforeAll(async () => {
  await cloud.host('host1');
  await cloud.call('POST', '/flavors', {
    as: 'admin:admin',
    body: { flavor: { name: 'large', id: 'large', vcpus: 3, ram: 2048, disk: 1 } },
  });
});
beforeEach(() => cloud.clear());

const act = (id: string, action: string, body: unknown = null) =>
  cloud.call('POST', `/servers/${id}/action`, { body: { [action]: body } });
const resize = (id: string) => act(id, 'resize', { flavorRef: 'large' });
const moves = (id: string) =>
  rows<{ status: string; new_flavor: { name: string } | null }>(
    cloud.cell1,
    'SELECT status, new_flavor FROM migrations WHERE instance_uuid = $1',
    [id],
  );
/** The agents have done their part: the server waits to be confirmed. */
async function resized(source = 'host1'): Promise<string> {
  const id = await cloud.active();
  await resize(id);
  await cloud.settled(id, 'resized');
  await rows(
    cloud.cell1,
    `UPDATE migrations SET status = 'finished', source_compute = $2, dest_compute = 'host1' WHERE instance_uuid = $1`,
    [id, source],
  );
  return id;
}

describe('a resize', () => {
  it('takes quota for what the flavor has more, and is stored with its migration and a word to the super conductor', async () => {
    const id = await cloud.active();
    expect((await resize(id)).status).toBe(202);
    expect(await cloud.usage()).toMatchObject({ instances: 1, cores: 3, ram: 2048 });
    expect(await moves(id)).toMatchObject([{ status: 'pre-migrating', new_flavor: { name: 'large' } }]);
    expect(await rows(cloud.cell1, 'SELECT state, step FROM operations')).toEqual([{ state: 'placing', step: 'prep_resize' }]);
    const [settle] = await rows<{ late: boolean }>(
      cloud.api,
      `SELECT available_at > now() + interval '30 seconds' AS late FROM outbox WHERE method = 'settle_holding'`,
    );
    expect(settle?.late).toBe(true);
  });

  it('over the quota is refused, and takes none', async () => {
    const id = await cloud.active();
    await cloud.call('PUT', '/os-quota-sets/p', { as: 'admin:admin', body: { quota_set: { cores: 2 } } });
    const { status, body } = await resize(id);
    expect([status, body.forbidden.message]).toEqual([
      403,
      'Quota exceeded for cores: Requested 2, but already used 1 of 2 cores',
    ]);
    expect(await cloud.usage()).toMatchObject({ instances: 1, cores: 1, ram: 512 });
  });

  it('takes its word on the disk', async () => {
    const id = await cloud.active();
    await act(id, 'resize', { flavorRef: 'large', 'OS-DCF:diskConfig': 'AUTO' });
    const { body } = await cloud.call('GET', `/servers/${id}`);
    expect(body.server['OS-DCF:diskConfig']).toBe('AUTO');
  });
});

describe('a resize that waits', () => {
  it('is confirmed without a body, and its source is told', async () => {
    const id = await resized();
    expect(await act(id, 'confirmResize')).toMatchObject({ status: 204, body: undefined });
    expect(await moves(id)).toMatchObject([{ status: 'confirming' }]);
    expect(await rows(cloud.cell1, 'SELECT step, host, state FROM operations')).toEqual([
      { step: 'confirm_resize', host: 'host1', state: 'sent' },
    ]);
    expect((await act(id, 'confirmResize')).status).toBe(400);
  });

  it('is not confirmed while its source is down', async () => {
    const id = await resized('nowhere');
    const { status, body } = await act(id, 'confirmResize');
    expect([status, body.conflictingRequest.message]).toEqual([409, 'Service is unavailable at this time.']);
  });

  it('is taken back', async () => {
    const id = await resized();
    expect((await act(id, 'revertResize')).status).toBe(202);
    expect((await cloud.call('GET', `/servers/${id}`)).body.server.status).toBe('REVERT_RESIZE');
    expect(await moves(id)).toMatchObject([{ status: 'reverting' }]);
  });

  it.each(['confirmResize', 'revertResize'])('has to be there for %s', async (action) => {
    const id = await cloud.active();
    await cloud.settled(id, 'resized');
    const { status, body } = await act(id, action);
    expect([status, body.badRequest.message]).toEqual([400, 'Instance has not been resized.']);
  });
});
