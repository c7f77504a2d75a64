import { execute } from '@kilonova/sql';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { useServerCloud } from '../../spec-support/server-cloud.js';

const ctx = systemCtx();

describe('volumes of servers', () => {
  const cloud = useServerCloud();
  beforeEach(async () => {
    cloud.volumes.isDown = false;
    await cloud.clear();
    await cloud.host('host1');
  });

  const statusOf = async (id: string) => (await cloud.volumes.get(ctx, id))?.status;
  const attach = (server: string, volumeId: string, more: object = {}, call: object = {}) =>
    cloud.call('POST', `/servers/${server}/os-volume_attachments`, {
      body: { volumeAttachment: { volumeId, ...more } },
      ...call,
    });
  const swap = (server: string, oldId: string, volumeId: string) =>
    cloud.call('PUT', `/servers/${server}/os-volume_attachments/${oldId}`, {
      body: { volumeAttachment: { volumeId } },
      roles: 'service',
    });
  const detach = (server: string, id: string, at = '2.96') =>
    cloud.call('DELETE', `/servers/${server}/os-volume_attachments/${id}`, { at });

  /** A server whose agent has attached a volume to it. */
  async function withVolume(given: object = {}): Promise<{ server: string; volume: string }> {
    const server = await cloud.active();
    const { id: volume } = cloud.volumes.add('p', given);
    expect((await attach(server, volume)).status).toBe(200);
    await cloud.settled(server, 'active');
    const [attachment] = await cloud.volumes.attachments(ctx, volume, server);
    await cloud.volumes.connect(ctx, attachment?.id ?? '', { host: 'host1' } as never);
    await cloud.volumes.complete(ctx, attachment?.id ?? '');
    return { server, volume };
  }

  it('are asked for at once by many and attached once', async () => {
    const server = await cloud.active();
    const { id } = cloud.volumes.add('p');
    const answers = await Promise.all(Array.from({ length: 6 }, () => attach(server, id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const refusals = answers.filter(({ status }) => status !== 200);
    for (const { status, body } of refusals) expect([400, 409], JSON.stringify(body)).toContain(status);
    const { body } = await cloud.call('GET', `/servers/${server}/os-volume_attachments`);
    expect([body.volumeAttachments.length, (await cloud.volumes.attachments(ctx, id, server)).length]).toEqual([1, 1]);
    await eventually(() => expect(cloud.casts.filter(({ method }) => method === 'attach_volume')).toHaveLength(1));
  });

  it('that somebody else has are refused as the volume service says', async () => {
    const { volume } = await withVolume();
    const { status, body } = await attach(await cloud.active(), volume);
    expect([status, body.badRequest.message]).toEqual([
      400,
      expect.stringMatching(/^Invalid volume: Volume .* status must be available/),
    ]);
  });

  it('are given back when the server does not become idle', { timeout: 60_000 }, async () => {
    const server = await cloud.active();
    const [first, second] = [cloud.volumes.add('p'), cloud.volumes.add('p')];
    await attach(server, first.id);
    const { status } = await attach(server, second.id);
    expect([status, await statusOf(second.id)]).toEqual([409, 'available']);
  });

  it('are detached by the agent, and kept while its host is down', async () => {
    const { server, volume } = await withVolume();
    await execute(cloud.cell1, `UPDATE services SET forced_down = true WHERE host = 'host1'`);
    expect((await detach(server, volume)).body.conflictingRequest.message).toBe('Service is unavailable at this time.');
    await execute(cloud.cell1, `UPDATE services SET forced_down = false WHERE host = 'host1'`);
    expect([(await detach(server, volume)).status, await statusOf(volume)]).toEqual([202, 'detaching']);
    await eventually(() => expect(cloud.casts.at(-1)?.method).toBe('detach_volume'));
  });

  it('that a server boots from stay', async () => {
    const { id } = cloud.volumes.add('p', { bootable: true });
    const device = { source_type: 'volume', destination_type: 'volume', boot_index: 0, uuid: id };
    const server = await cloud.active({ imageRef: '', block_device_mapping_v2: [device] });
    const { status, body } = await detach(server, id);
    expect([status, body.badRequest.message]).toEqual([400, 'Cannot detach a root device volume']);
  });

  it('of a server without a host need no agent', async () => {
    const server = await cloud.active();
    await cloud.change(server, { vm_state: 'shelved_offloaded', host: null });
    const [{ id }, shared] = [cloud.volumes.add('p'), cloud.volumes.add('p', { multiattach: true })];
    expect((await attach(server, id, {}, { at: '2.19' })).body.conflictingRequest.message).toBe(
      `Cannot 'attach_volume' instance ${server} while it is in vm_state shelved_offloaded`,
    );
    expect((await attach(server, shared.id)).body.badRequest.message).toContain('not supported for shelved-offloaded');
    expect((await attach(server, id, { tag: 't' })).body.badRequest.message).toContain('not supported for shelved-offloaded');
    expect([(await attach(server, id)).status, await statusOf(id)]).toEqual([200, 'reserved']);
    expect((await cloud.call('GET', `/servers/${server}`)).body.server['os-extended-volumes:volumes_attached']).toHaveLength(1);
    expect(cloud.casts.filter(({ method }) => method === 'attach_volume')).toEqual([]);
  });

  it('C2: are 256 at most, as those of a boot are; no more is reserved', async () => {
    const server = await cloud.active();
    await cloud.change(server, { vm_state: 'shelved_offloaded', host: null });
    for (let n = 0; n < 256; n++) expect((await attach(server, cloud.volumes.add('p').id)).status).toBe(200);
    const { id } = cloud.volumes.add('p');
    const { status, body } = await attach(server, id);
    expect([status, body.forbidden?.message, await statusOf(id)]).toEqual([
      403,
      'The maximum allowed number of disk devices (256) to attach to a single instance has been exceeded.',
      'available',
    ]);
  });

  it('are swapped when the volume service moves them', async () => {
    const { server, volume } = await withVolume({ migrationStatus: 'migrating', size: 2 });
    const [next, small] = [cloud.volumes.add('p', { size: 2 }), cloud.volumes.add('p', { size: 1 })];
    expect((await swap(server, volume, small.id)).body.badRequest.message).toContain('must be the same size or larger');
    const swapped = await swap(server, volume, next.id);
    expect([swapped.status, await statusOf(next.id)], JSON.stringify(swapped.body)).toEqual([202, 'reserved']);
    await eventually(() => expect(cloud.casts.at(-1)?.method).toBe('swap_volume'));
    const still = await withVolume();
    expect((await swap(still.server, still.volume, small.id)).status).toBe(409);
  });

  it.each([
    ['not-found', 404],
    ['forbidden', 403],
    ['over-quota', 403],
    ['invalid', 400],
  ] as const)('that are %s at the last moment are refused with %i, and nothing is kept', async (reason, expected) => {
    const server = await cloud.active();
    const { id } = cloud.volumes.add('p');
    const reserve = vi.spyOn(cloud.volumes, 'reserve').mockResolvedValue({ outcome: 'refused', reason, message: 'No.' });
    onTestFinished(() => reserve.mockRestore());
    expect((await attach(server, id)).status).toBe(expected);
    expect((await cloud.call('GET', `/servers/${server}/os-volume_attachments`)).body.volumeAttachments).toEqual([]);
  });

  it('cannot be attached while the volume service is down', async () => {
    const server = await cloud.active();
    const { id } = cloud.volumes.add('p');
    cloud.volumes.isDown = true;
    expect((await attach(server, id)).status).toBe(503);
  });
});
