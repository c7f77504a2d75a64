import { randomUUID } from 'node:crypto';
import { aVolumeDevice } from '@kilonova/compute-samples';
import { eventually } from '@kilonova/testing';
import { systemCtx } from '@kilonova/util';
import { MemoryVolumes } from '@kilonova/volume-client';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ExternalEvents } from '../external-event/external-events.js';
import type { ManagedHost } from '../host/managed-host.js';
import type { RunningSteps } from '../operation/running-steps.js';
import { FakeCell, managedHost } from '../spec-support/fake-cell.js';
import { beginSteps, stepsEnded } from '../spec-support/run-steps.js';

const ctx = systemCtx();
const IMAGE = randomUUID();
let volumes: MemoryVolumes;
let events: ExternalEvents;
let host: ManagedHost;
let cell: FakeCell;
let root: string;

/** A server that runs from a volume, and is to be made anew of an image. */
beforeEach(async () => {
  volumes = new MemoryVolumes();
  events = new ExternalEvents();
  host = managedHost([], undefined, 'h', volumes, undefined, undefined, undefined, events);
  cell = new FakeCell('rebuild', { vm_state: 'active', task_state: 'rebuilding', host: 'h', image_ref: '' });
  root = volumes.add('p1', { bootable: true, imageMetadata: { image_id: 'old' } }).id;
  const device = aVolumeDevice({ volume_id: root, boot_index: 0 });
  const never = new AbortController().signal;
  const open = await host.volumes.open(ctx, cell.instance.uuid, device, never);
  const there = { instance: cell.instance, image: null, admin_password: null, volumes: [open.volume] };
  await host.driver.spawn(there, never);
  await host.volumes.completeAll(ctx, [open.update]);
  cell.devices = [device];
  cell.arguments = { image: { id: IMAGE }, reimages_boot_volume: true };
});

const begin = (): Promise<RunningSteps> => beginSteps(host, cell);
const ended = (running: RunningSteps) => stepsEnded(running, cell);
const volume = async () => volumes.get(ctx, root);
const told = (status: 'completed' | 'failed') =>
  events.deliver({ instanceUuid: cell.instance.uuid, name: 'volume-reimaged', tag: root }, status);

describe('a rebuild of a server on a volume', () => {
  it('has the image put on it while nobody uses it, and gives it to the guest again, which boots from nothing else', async () => {
    const rebuild = vi.spyOn(host.driver, 'rebuild');
    await ended(await begin());
    expect(cell.finished[0]?.fault).toBeUndefined();
    expect(rebuild.mock.calls.map(([request]) => [request.image, request.volumes?.map(({ volumeId }) => volumeId)])).toEqual([
      [null, [root]],
    ]);
    expect(await volume()).toMatchObject({ status: 'in-use', imageMetadata: { image_id: IMAGE } });
    expect([cell.instance.vm_state, host.driver.volumes(cell.instance.uuid)]).toEqual(['active', [root]]);
  });

  it.each([
    ['waits for the event that it is there', () => told('completed'), 'active'],
    ['fails with the event that it is not', () => told('failed'), 'error'],
    ['sees by the volume that it is there', () => volumes.arrived(root), 'active'],
    ['sees by the volume that it failed', () => volumes.arrived(root, false), 'error'],
  ] as const)('%s', async (_what, happens, vmState) => {
    volumes.keepsImagesWaiting = true;
    const running = await begin();
    await eventually(async () => {
      expect((await volume())?.status).toBe('downloading');
      expect(host.driver.volumes(cell.instance.uuid)).toEqual([]);
    });
    if (vmState === 'active') volumes.arrived(root);
    happens();
    await ended(running);
    expect([cell.instance.vm_state, cell.finished[0]?.fault?.details ?? '']).toEqual([
      vmState,
      vmState === 'active' ? '' : expect.stringContaining(`Image ${IMAGE} could not be put on volume ${root}.`),
    ]);
  });

  it('does not wait for ever', async () => {
    volumes.keepsImagesWaiting = true;
    await ended(await begin());
    expect([cell.instance.vm_state, cell.finished[0]?.fault?.details]).toEqual([
      'error',
      expect.stringContaining('Nobody told of volume-reimaged'),
    ]);
  });

  it('goes on waiting, and asks for nothing twice, when its agent begins anew', async () => {
    const never = new AbortController().signal;
    await host.driver.powerOff(cell.instance.uuid, 0, never);
    await host.driver.detachVolume(cell.instance.uuid, root, never);
    volumes.keepsImagesWaiting = true;
    const given = host.volumes.reimage(ctx, cell.instance.uuid, root, IMAGE, AbortSignal.timeout(20));
    await expect(given).rejects.toThrow();
    expect((await volume())?.status).toBe('downloading');
    const running = await begin();
    await eventually(() => expect(told('completed')).toBe(true));
    volumes.arrived(root);
    await ended(running);
    expect([cell.instance.vm_state, (await volume())?.status]).toEqual(['active', 'in-use']);
  });
});
